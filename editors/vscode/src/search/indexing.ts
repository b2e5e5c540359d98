/** Questions with one answer, asked while the folder is being indexed: nothing found yet is no answer. */
import * as vscode from 'vscode';
import { isIndexing, type IndexBlock } from '../protocol';

const PAUSE = 500;
/** Milliseconds until it is asked again. */

interface Answer {
  index: IndexBlock;
  results: unknown[];
  left_out?: string[];
}

/** Asks until something is found or everything is indexed; undefined where its user would not wait for that. */
export async function asked<T extends Answer>(title: string, ask: (token: vscode.CancellationToken) => Promise<T>): Promise<T | undefined> {
  const shown = { location: vscode.ProgressLocation.Window, title };
  const first = await vscode.window.withProgress(shown, (_, token) => ask(token));
  if (first.results.length || !isIndexing(first)) {
    return first;
  }
  const waiting = { location: vscode.ProgressLocation.Notification, title: `${title} in what is still being indexed`, cancellable: true };
  return vscode.window.withProgress(waiting, async (_, token) => {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      if (token.isCancellationRequested) {
        return undefined;
      }
      const found = await ask(token);
      if (found.results.length || !isIndexing(found)) {
        return found;
      }
    }
  });
}
