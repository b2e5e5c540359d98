/** "What Changed Here": the definitions that are not as they were where this branch left the main one. */
import * as vscode from 'vscode';
import type { Change, Changes } from '../protocol';
import type { Connection } from '../server/connection';
import { Trouble } from '../trouble';
import { asked } from './indexing';
import { iconOf } from './kinds';
import { open } from './places';
import { asText } from './words';

const MOST = 200;

interface Line extends vscode.QuickPickItem {
  change?: Change;
}

export async function showChanges(connection: Connection): Promise<void> {
  const document = vscode.window.activeTextEditor?.document.uri;
  const uri = document?.scheme === 'file' ? document.toString() : undefined;
  const given = { limit: MOST, ...(uri ? { uri } : {}) };
  const found = await asked('Comparing with where the branch began', (token) => connection.request<Changes>('wherein/changed', given, token));
  if (!found) {
    return;
  }
  const { results, since, notes } = found;
  const when = since ? ` since ${since.revision}` : '';
  if (!results.length) {
    throw new Trouble(notes[0] ?? `No definition has changed${when}.`, [], 'info');
  }
  const here = ({ location }: Change): boolean => location !== null && vscode.Uri.parse(location.uri).toString() === uri;
  const [mine, others] = [results.filter(here), results.filter((each) => !here(each))];
  const lines: Line[] = [...group('in this file', mine), ...group(mine.length ? 'elsewhere' : '', others)];
  const title = `wherein: What Changed${when}`;
  const chosen = await vscode.window.showQuickPick(lines, { title, matchOnDescription: true, placeHolder: 'Letters of a name or a path' });
  if (chosen?.change?.location) {
    await open({ location: chosen.change.location });
  }
}

function group(label: string, changes: Change[]): Line[] {
  const head = label && changes.length ? [{ label, kind: vscode.QuickPickItemKind.Separator }] : [];
  return [...head, ...changes.map(line)];
}

function line(change: Change): Line {
  const gone = change.change === 'removed';
  return {
    change,
    label: asText(change.qualified_name || change.path),
    description: asText(`${change.change} · ${change.path}${gone ? '' : `:${change.start_line}`}`),
    iconPath: new vscode.ThemeIcon(gone ? 'trash' : change.change === 'added' ? 'add' : iconOf(change.kind)),
  };
}
