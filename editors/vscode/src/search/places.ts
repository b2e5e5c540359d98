/** Opening a place in the code, with its lines lit for as long as somebody looks at them. */
import * as vscode from 'vscode';
import type { Hit, Location, Range } from '../protocol';
import { isNotebook, openCell } from './notebook';
import { Trouble } from '../trouble';
import { placeOf } from './words';

const lit = vscode.window.createTextEditorDecorationType({
  isWholeLine: true,
  backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
  overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.findMatchForeground'),
  overviewRulerLane: vscode.OverviewRulerLane.Center,
});
const named = vscode.window.createTextEditorDecorationType({
  backgroundColor: new vscode.ThemeColor('editor.findMatchHighlightBackground'),
  outline: '1px solid', // themes of high contrast have no background here
  outlineColor: new vscode.ThemeColor('editor.findMatchHighlightBorder'), // elsewhere transparent
});

export interface Place {
  location: Location;
  /** what to stand on; the beginning where it is not given */
  at?: Range | undefined;
  words?: readonly Range[];
}

export function placeOfHit(hit: Hit): Place {
  return { location: hit.location, at: hit.matches[0], words: hit.matches };
}

/** `path:line`, as terminals and messages want it. */
export async function copyPlace(hit: Hit): Promise<void> {
  const place = placeOf(hit);
  await vscode.env.clipboard.writeText(place);
  void vscode.window.setStatusBarMessage(`Copied ${place}`, 3_000);
}

export function rangeOf(range: Range): vscode.Range {
  return new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
}

/** The editor with code that somebody looks at, be it beside the panel that has the focus. */
export function lookedAt(): vscode.TextEditor | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  return activeTextEditor ?? visibleTextEditors.find((editor) => editor.viewColumn !== undefined); // the log's has no column
}

/**
 * Where there is code, unless it is said where: not over the panel with the answers, which may be active. Undefined where it
 * is shown as a cell of a notebook.
 */
export async function open(place: Place, how: vscode.TextDocumentShowOptions = {}): Promise<vscode.TextEditor | undefined> {
  const uri = vscode.Uri.parse(place.location.uri, true);
  const viewColumn = lookedAt()?.viewColumn ?? vscode.ViewColumn.Active;
  if (isNotebook(uri)) {
    const { preview = true, preserveFocus = false } = how;
    const shown = { viewColumn: how.viewColumn ?? viewColumn, preview, preserveFocus };
    if (await openCell(uri, (place.at ?? place.location.range).start, shown)) {
      return undefined;
    }
  }
  let editor: vscode.TextEditor;
  try {
    const document = await vscode.workspace.openTextDocument(uri);
    const start = rangeOf(place.at ?? place.location.range).start;
    editor = await vscode.window.showTextDocument(document, { viewColumn, ...how, selection: new vscode.Range(start, start) });
  } catch {
    const name = vscode.workspace.asRelativePath(uri);
    throw new Trouble(`${name} cannot be opened: it may have been moved or deleted since it was indexed.`, [
      { title: 'Reindex', run: () => vscode.commands.executeCommand('wherein.reindexNow') },
    ]);
  }
  light(editor, place);
  return editor;
}

export function light(editor: vscode.TextEditor, place: Place): void {
  const range = rangeOf(place.location.range);
  editor.setDecorations(lit, [range]);
  editor.setDecorations(named, (place.words ?? []).map(rangeOf));
  editor.revealRange(rangeOf(place.at ?? place.location.range), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  const over = vscode.window.onDidChangeTextEditorSelection((event) => {
    const moved = event.textEditor === editor && event.kind !== undefined;
    if (moved && event.kind !== vscode.TextEditorSelectionChangeKind.Command) {
      dark(editor);
      over.dispose();
    }
  });
}

export function dark(editor: vscode.TextEditor): void {
  editor.setDecorations(lit, []);
  editor.setDecorations(named, []);
}
