/** "Install Git Hook": what would be written is shown, and written when the user says so. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import type { Connection } from './server/connection';
import { openFolder } from './remedies';
import { showLog, Trouble } from './trouble';

const run = promisify(execFile);

export async function installHook(connection: Connection): Promise<void> {
  const folder = await chosenFolder();
  if (!folder) {
    return;
  }
  const { file } = connection.program();
  const given = ['hook', 'install', '--repo', folder.uri.fsPath];
  const would = await said(file, [...given, '--dry-run'], connection.log);
  const chosen = await vscode.window.showInformationMessage(
    `Have git keep the index of ${folder.name} fresh?`,
    { modal: true, detail: would },
    'Install the Hook',
  );
  if (chosen) {
    await said(file, given, connection.log);
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

async function said(file: string, given: string[], log: vscode.LogOutputChannel): Promise<string> {
  try {
    const { stdout, stderr } = await run(file, given, { timeout: 60_000, windowsHide: true });
    log.info(`${file} ${given.join(' ')}\n${stdout}${stderr}`);
    return stdout.trim() || stderr.trim();
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    const first = stderr?.trim().split('\n')[0];
    throw new Trouble(first ?? `${file} could not be run.`, [showLog]);
  }
}
