/** What an editor group showed before something else was shown in it, and how it is shown again. */
import * as vscode from 'vscode';
import { lookedAt } from './places';

export class Before {
  private readonly editor = lookedAt();
  private readonly selection = this.editor?.selection;
  private readonly range = this.editor?.visibleRanges[0];
  /** A side of a comparison may have no column: it is the active group's. */
  private readonly group =
    vscode.window.tabGroups.all.find((group) => group.viewColumn === this.editor?.viewColumn) ?? vscode.window.tabGroups.activeTabGroup;
  private readonly tab = this.group.activeTab;
  private readonly input: unknown = this.tab?.input;

  /** The focus stays where it is: the list that is closed gave it back, and another one may be open by now. */
  async show(): Promise<void> {
    const { input } = this;
    const how = { viewColumn: this.group.viewColumn, preserveFocus: true };
    if (input instanceof vscode.TabInputText) {
      await this.showText(how);
    } else if (input instanceof vscode.TabInputTextDiff) {
      const preview = this.tab?.isPreview ?? true;
      await vscode.commands.executeCommand('vscode.diff', input.original, input.modified, this.tab?.label, { ...how, preview });
    } else if (input instanceof vscode.TabInputNotebook) {
      await vscode.window.showNotebookDocument(await vscode.workspace.openNotebookDocument(input.uri), how);
    } else if (input instanceof vscode.TabInputCustom) {
      await vscode.commands.executeCommand('vscode.openWith', input.uri, input.viewType, how);
    }
  }

  private async showText(how: vscode.TextDocumentShowOptions): Promise<void> {
    if (!this.editor) {
      return;
    }
    const selection = this.selection ?? new vscode.Range(0, 0, 0, 0);
    const shown = await vscode.window.showTextDocument(this.editor.document, { ...how, selection });
    if (this.range) {
      shown.revealRange(this.range, vscode.TextEditorRevealType.AtTop);
    }
  }
}
