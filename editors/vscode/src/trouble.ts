/** What goes wrong: one sentence, and buttons that help. */
import * as vscode from 'vscode';

export interface Action {
  title: string;
  run: () => unknown;
}

export class Trouble extends Error {
  constructor(
    message: string,
    readonly actions: readonly Action[] = [],
    readonly severity: 'error' | 'warning' | 'info' = 'warning',
  ) {
    super(message);
  }
}

/** Text of others in a message of the editor, which would make links of some of it. */
export function plain(text: string): string {
  return text.replace(/\]\(/g, '] (').replace(/\s+/g, ' ').trim();
}

/** Shows it, and does what the user chooses. */
export async function tell(trouble: Trouble): Promise<void> {
  const show = {
    error: vscode.window.showErrorMessage,
    warning: vscode.window.showWarningMessage,
    info: vscode.window.showInformationMessage,
  }[trouble.severity];
  const titles = trouble.actions.map((action) => action.title);
  const chosen = await show(plain(trouble.message), ...titles);
  try {
    await trouble.actions.find((action) => action.title === chosen)?.run();
  } catch (error) {
    if (!(error instanceof Trouble)) {
      throw error;
    }
    await tell(error);
  }
}

/** A button that runs a command. */
export function button(title: string, command: string, ...given: unknown[]): Action {
  return { title, run: () => vscode.commands.executeCommand(command, ...given) };
}

export function settingButton(key: string, title = 'Open Settings'): Action {
  return button(title, 'workbench.action.openSettings', `@id:wherein.${key}`);
}

export const showLog = button('Show Log', 'wherein.showLog');

export const openStart = button('How It Works', 'workbench.action.openWalkthrough', 'wherein.wherein#start', false);
