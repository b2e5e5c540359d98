/** What a test has the editor show before it looks at the screen. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { VIRTUAL } from './in_memory';
import { folderNamed, until } from './ours';

export const acts = {
  async openCell(name: string): Promise<void> {
    const uri = vscode.Uri.joinPath(folderNamed('second (b) & + c').uri, name);
    const notebook = await vscode.workspace.openNotebookDocument(uri);
    await vscode.window.showNotebookDocument(notebook);
    await vscode.commands.executeCommand('notebook.focusTop');
    await vscode.commands.executeCommand('notebook.cell.edit');
    await until('a cell is the editor', () => vscode.window.activeTextEditor?.document.uri.scheme === 'vscode-notebook-cell');
    vscode.window.activeTextEditor!.selection = new vscode.Selection(0, 5, 0, 5);
  },

  /** The earlier side of a comparison that git shows. */
  async openEarlier(name: string): Promise<void> {
    const uri = vscode.Uri.joinPath(folderNamed('second (b) & + c').uri, name);
    await until('git shows what has changed', async () => {
      await vscode.commands.executeCommand('git.openChange', uri);
      return vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff;
    });
    await until('the earlier version is the editor', async () => {
      await vscode.commands.executeCommand('workbench.action.compareEditor.focusSecondarySide');
      return vscode.window.activeTextEditor?.document.uri.scheme === 'git';
    });
  },

  async openVirtual(): Promise<void> {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(VIRTUAL, 'payment.py'));
    const editor = await vscode.window.showTextDocument(document);
    assert.equal(editor.document.uri.scheme, 'wherein-test');
    editor.selection = new vscode.Selection(0, 4, 0, 15);
  },

  async openFile(file: string): Promise<void> {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(vscode.Uri.file(file)));
  },

  /** Begins a command, which may last as long as what it shows. */
  start(name: string, ...given: unknown[]): void {
    void vscode.commands.executeCommand(name, ...given);
  },

  /** What the tab that is looked at shows. */
  tab(): string {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    const { TabInputTextDiff, TabInputNotebook } = vscode;
    const kind = tab?.input instanceof TabInputTextDiff ? 'comparison' : tab?.input instanceof TabInputNotebook ? 'notebook' : 'other';
    return `${kind} ${tab?.label ?? ''}`;
  },

  /** How many sides of a comparison are on screen. */
  sides: () => vscode.window.visibleTextEditors.filter((each) => /\.py$/.test(each.document.uri.path)).map((each) => each.document.uri.scheme).sort().join(' '),

  closeAll: () => vscode.commands.executeCommand('workbench.action.closeAllEditors'),
};
