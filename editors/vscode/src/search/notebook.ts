/** Showing a place in a notebook's file as the cell that it is in. */
import * as vscode from 'vscode';
import type { Position } from '../protocol';
import { cellAt } from './cells';

export function isNotebook(uri: vscode.Uri): boolean {
  return uri.path.toLowerCase().endsWith('.ipynb');
}

/** False where the file cannot be shown as a notebook: no extension reads it, or it has no cells. */
export async function openCell(uri: vscode.Uri, place: Position, how: vscode.NotebookDocumentShowOptions): Promise<boolean> {
  try {
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    const cell = cellAt(text, place);
    if (cell === undefined) {
      return false;
    }
    const range = new vscode.NotebookRange(cell, cell + 1);
    const document = await vscode.workspace.openNotebookDocument(uri);
    const editor = await vscode.window.showNotebookDocument(document, { ...how, selections: [range] });
    editor.revealRange(range, vscode.NotebookEditorRevealType.InCenterIfOutsideViewport);
    return true;
  } catch {
    return false;
  }
}
