/** The beginning and the end: commands, the status bar, the view; everything heavy is loaded at its first use. */
import * as vscode from 'vscode';
import { apiOf, type Api } from './api';
import { register } from './commands';
import { Results } from './results';
import { Connection } from './server/connection';
import { needsRestart } from './settings';
import { StatusBar } from './status/bar';
import { registerTool } from './tool';

declare const __begun: number;
/** When this file began to be read; set by its first line. */

const USED = 'wherein.used';

let connection: Connection | undefined;

export function activate(context: vscode.ExtensionContext): Api {
  const log = vscode.window.createOutputChannel('wherein', { log: true });
  const made = (connection = new Connection(context, log));
  const results = new Results();
  const tool = registerTool(made);
  context.subscriptions.push(
    log,
    made,
    new StatusBar(made),
    vscode.window.registerTreeDataProvider('wherein.results', results),
    ...register(context, made, results),
    ...(tool ? [tool] : []),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (needsRestart(event) && made.state !== 'off') {
        void made.restart().catch((error: unknown) => log.error(String(error)));
      } else if (event.affectsConfiguration('wherein.server')) {
        startEarly(context, made);
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      if (made.state !== 'off') {
        void made.restart().catch((error: unknown) => log.error(String(error)));
      }
    }),
    made.onState((state) => {
      if (state === 'ready' && vscode.workspace.workspaceFolders?.length) {
        void context.workspaceState.update(USED, true);
      }
    }),
  );
  startEarly(context, made);
  log.info(`activated in ${Math.round(performance.now() - __begun)} ms`);
  return apiOf(made, made.version);
}

export async function deactivate(): Promise<void> {
  await connection?.stop();
}

/** Starts the server with the window where that is wanted, so that the index is fresh before somebody asks. */
function startEarly(context: vscode.ExtensionContext, made: Connection): void {
  const when = vscode.workspace.getConfiguration('wherein').get<string>('server.start');
  const wanted = when === 'always' || (when === 'used' && context.workspaceState.get<boolean>(USED));
  if (wanted && vscode.workspace.workspaceFolders?.length && made.state === 'off' && made.isThere()) {
    setTimeout(() => void made.started().catch((error: unknown) => made.log.error(String(error))), 0);
  }
}
