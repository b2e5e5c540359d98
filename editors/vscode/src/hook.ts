/** "Install Git Hook": what would be written is shown, and written when the user says so. */
import * as vscode from 'vscode';
import type { HookAnswer } from './protocol';
import { openFolder } from './remedies';
import type { Connection } from './server/connection';
import { Trouble } from './trouble';

export async function installHook(connection: Connection): Promise<void> {
  const folder = await chosenFolder();
  if (!folder) {
    return;
  }
  const given = { action: 'install', uri: folder.uri.toString() };
  const would = await connection.request<HookAnswer>('wherein/hook', { ...given, dry: true });
  const chosen = await vscode.window.showInformationMessage(
    `Have git keep the index of ${folder.name} fresh?`,
    { modal: true, detail: would.text },
    'Install the Hook',
  );
  if (chosen) {
    await connection.request<HookAnswer>('wherein/hook', given);
    void vscode.window.showInformationMessage(`The git hook is installed in ${folder.name}; "wherein hook uninstall" takes it out.`);
  }
}

async function chosenFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (!folders.length) {
    throw new Trouble('No folder is open, so there is no repository to install a hook in.', [openFolder]);
  }
  return folders.length === 1 ? folders[0] : vscode.window.showWorkspaceFolderPick();
}
