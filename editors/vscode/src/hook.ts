/** "Install Git Hook" and "Remove Git Hook": what would be done is shown, and done when the user says so. */
import * as vscode from 'vscode';
import type { HookAnswer } from './protocol';
import { openFolder, remedyOf } from './remedies';
import type { Connection } from './server/connection';
import { Trouble } from './trouble';

const SHARED = '--shared';

interface Doing {
  action: 'install' | 'uninstall';
  uri: string;
  /** also what others get with the repository */
  shared?: boolean;
}

export async function installHook(connection: Connection): Promise<void> {
  const folder = await chosenFolder('install a hook in');
  if (!folder) {
    return;
  }
  const { doing, would } = await planned(connection, { action: 'install', uri: folder.uri.toString() });
  if (!would.changes.length) {
    const remove = 'Remove It';
    const chosen = await vscode.window.showInformationMessage(`The git hook is already installed in ${folder.name}.`, remove);
    if (chosen === remove) {
      await removed(connection, folder);
    }
    return;
  }
  const everybody = doing.shared ? ', for everybody who works on it' : '';
  const button = doing.shared ? 'Install for Everybody' : 'Install the Hook';
  if (await agreed(`Have git keep the index of ${folder.name} fresh${everybody}?`, would, button)) {
    await connection.request<HookAnswer>('wherein/hook', doing);
    void vscode.window.showInformationMessage(`The git hook is installed in ${folder.name}.`);
  }
}

export async function removeHook(connection: Connection): Promise<void> {
  const folder = await chosenFolder('remove a hook from');
  if (folder) {
    await removed(connection, folder);
  }
}

async function removed(connection: Connection, folder: vscode.WorkspaceFolder): Promise<void> {
  const { doing, would } = await planned(connection, { action: 'uninstall', uri: folder.uri.toString() });
  if (!would.changes.length) {
    throw new Trouble(would.text.split('\n').join(' '), [], 'info');
  }
  const everybody = doing.shared ? ', for everybody who works on it' : '';
  if (await agreed(`Remove the git hook from ${folder.name}${everybody}?`, would, 'Remove the Hook')) {
    await connection.request<HookAnswer>('wherein/hook', doing);
    void vscode.window.showInformationMessage(`The git hook was removed from ${folder.name}.`);
  }
}

/** What would be done; where the hooks are files that others get too, to these. */
async function planned(connection: Connection, doing: Doing): Promise<{ doing: Doing; would: HookAnswer }> {
  const shared = { ...doing, shared: true };
  const plan = (of: Doing): Promise<HookAnswer> => connection.request<HookAnswer>('wherein/hook', { ...of, dry: true });
  try {
    const would = await plan(doing);
    if (would.changes.length || !would.notes.some((note) => note.includes(SHARED))) {
      return { doing, would };
    }
  } catch (error) {
    if (!remedyOf(error).includes(SHARED)) {
      throw error;
    }
  }
  return { doing: shared, would: await plan(shared) };
}

async function agreed(question: string, would: HookAnswer, button: string): Promise<boolean> {
  const detail = `Nothing has been done yet. This is what would be done:\n\n${would.text}`;
  return (await vscode.window.showInformationMessage(question, { modal: true, detail }, button)) === button;
}

async function chosenFolder(what: string): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (!folders.length) {
    throw new Trouble(`No folder is open, so there is no repository to ${what}.`, [openFolder]);
  }
  return folders.length === 1 ? folders[0] : vscode.window.showWorkspaceFolderPick();
}
