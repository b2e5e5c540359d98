/** From an earlier version of a file, as a comparison shows it, to the file as it is now. */
import * as vscode from 'vscode';
import { Trouble } from '../trouble';
import { nearest } from './same_line';

/**
 * Opens the file beside the comparison, at the line that was stood on. `vscode.open` would stay in a comparison of which the
 * file is a side, with the cursor wherever that side has it.
 */
export async function openNow(earlier: vscode.TextDocument, line: number): Promise<void> {
  const uri = vscode.Uri.file(earlier.uri.path);
  let now: vscode.TextDocument;
  try {
    now = await vscode.workspace.openTextDocument(uri);
  } catch {
    throw new Trouble(`${vscode.workspace.asRelativePath(uri)} is not there any more, or cannot be read.`);
  }
  const place = new vscode.Position(nearest(linesOf(earlier), line, linesOf(now)), 0);
  await vscode.window.showTextDocument(now, { preview: false, selection: new vscode.Range(place, place) });
}

function linesOf(document: vscode.TextDocument): string[] {
  return document.getText().split(/\r?\n/);
}
