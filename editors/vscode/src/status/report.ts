/** "Show Status": each repository as a line of a list, with what is wrong and what helps. */
import * as vscode from 'vscode';
import { withRemedy } from '../in_words';
import { shortName, viewName } from '../known_as';
import type { Indexed, Status } from '../protocol';
import { asText } from '../search/words';
import type { Connection } from '../server/connection';

interface Line extends vscode.QuickPickItem {
  command?: string;
}

export async function showStatus(connection: Connection): Promise<void> {
  const status = await connection.request<Status>('wherein/status', {});
  const lines: Line[] = status.indexes.flatMap(repositoryLines);
  lines.push(
    { label: 'actions', kind: vscode.QuickPickItemKind.Separator },
    { label: '$(sync) Reindex', command: 'wherein.reindexNow' },
    { label: '$(trash) Rebuild the index', command: 'wherein.rebuildIndex' },
    { label: '$(debug-restart) Restart the server', command: 'wherein.restartServer' },
    { label: '$(output) Show the log', command: 'wherein.showLog' },
  );
  const title = `wherein: Status · ${connection.program().file}`;
  const chosen = await vscode.window.showQuickPick(lines, { title, placeHolder: 'What is indexed, and how fresh it is' });
  if (chosen?.command) {
    await vscode.commands.executeCommand(chosen.command);
  }
}

export function repositoryLines(one: Indexed): Line[] {
  const wrong = one.problem;
  const icon = wrong ? 'warning' : one.updating ? 'sync' : 'repo';
  return [
    {
      label: `$(${icon}) ${asText(shortName(one.index.repository))}`,
      description: asText([one.index.view && viewName(one.index.view), freshness(one)].filter(Boolean).join(' · ')),
      detail: asText(wrong ? withRemedy(wrong.message, wrong.remedy ?? '') : counts(one)),
    },
  ];
}

export function freshness({ index, updating, progress }: Indexed): string {
  if (updating) {
    return progress ? `indexing, ${number(progress.files_done)} of ${number(progress.files_total)} files` : 'indexing';
  }
  if (!index.complete) {
    return 'not complete';
  }
  if (index.behind === null) {
    return 'checked when it is next asked';
  }
  return index.behind ? `${number(index.behind)} files differ` : 'up to date';
}

export function counts(one: Indexed): string {
  const skipped = Object.values(one.skipped ?? {}).reduce((sum, each) => sum + each, 0);
  const parts = [`${number(one.files ?? 0)} files`];
  if (one.bytes) {
    parts.push(`${(one.bytes / 1e6).toFixed(1)} MB`);
  }
  if (skipped) {
    parts.push(`${number(skipped)} left out`);
  }
  const store = one.index.store ?? '';
  return [...parts, store.startsWith('sqlite:') ? '' : store].filter(Boolean).join(' · '); // a file of this machine tells nobody anything
}

function number(value: number): string {
  return value.toLocaleString('en');
}
