/** What the cursor means: a place in a file that can be in the index, or why it is none, with what helps. */
import * as vscode from 'vscode';
import type { Position } from './protocol';
import { openFolder } from './remedies';
import { openNow } from './search/earlier';
import { button, Trouble } from './trouble';

export interface Target {
  uri: string;
  position: Position;
}

/** The place of the cursor, or of the selection's beginning. */
export function here(todo: string): Target {
  const editor = vscode.window.activeTextEditor;
  if (!editor) {
    throw new Trouble(`Open a file and put the cursor where the code is, to ${todo}.`, [
      button('Search Code', 'wherein.searchCode'),
    ]);
  }
  const document = inIndex(editor.document, editor.selection.start.line, todo);
  return targetOf(document.uri, editor.selection.start);
}

export function targetOf(uri: vscode.Uri, position: Position): Target {
  return { uri: uri.toString(), position: { line: position.line, character: position.character } };
}

/** The selected text, else the word under the cursor. */
export function textHere(): string {
  const editor = vscode.window.activeTextEditor;
  const range = editor?.selection.isEmpty
    ? editor.document.getWordRangeAtPosition(editor.selection.active)
    : editor?.selection;
  const text = range ? (editor?.document.getText(range).trim() ?? '') : '';
  if (!text) {
    throw new Trouble('Select what to search for, or put the cursor on a word.', [
      button('Search Code', 'wherein.searchCode'),
    ]);
  }
  return text.slice(0, LONGEST).replace(/\s*\n\s*/g, ' ');
}

const LONGEST = 1_000;

const search = button('Search This Text', 'wherein.searchSelection');

/** The document whose places the server knows. */
function inIndex(document: vscode.TextDocument, line: number, todo: string): vscode.TextDocument {
  const { uri } = document;
  switch (uri.scheme) {
    case 'file':
      return document;
    case 'untitled':
      throw new Trouble(`This document is not a file yet; save it in an open folder to ${todo}.`, [save, search]);
    case 'vscode-notebook-cell':
      throw new Trouble(`A notebook's cell has no lines of its own in the index; search for its text to ${todo}.`, [search]);
    case 'git':
    case 'gitlens': {
      const now = { title: 'Open the File', run: () => openNow(document, line) };
      throw new Trouble(`This is an earlier version of the file; open it as it is now to ${todo}.`, [now, search]);
    }
    default:
      throw new Trouble(`This document (${uri.scheme}:) is not a file on disk, so it is not in the index.`, [
        search,
        ...(vscode.workspace.workspaceFolders?.length ? [] : [openFolder]),
      ]);
  }
}

const save = button('Save', 'workbench.action.files.save');
