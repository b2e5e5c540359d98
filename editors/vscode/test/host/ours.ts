/** Our extension as another one sees it, and what tests ask of it. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Api } from '../../src/api';
import type { Hit } from '../../src/protocol';

const PATIENCE = 120_000;

export function extension(): vscode.Extension<Api> {
  const found = vscode.extensions.getExtension<Api>('wherein.wherein');
  assert.ok(found, 'the extension is installed');
  return found;
}

export async function api(): Promise<Api> {
  return extension().activate();
}

/** What is found, once the index is complete. */
export async function found(query: string, wanted?: Parameters<Api['search']>[1]): Promise<Hit[]> {
  const ours = await api();
  let hits: Hit[] = [];
  await until(`the index is complete for ${query}`, async () => {
    const { index, results } = await ours.search(query, wanted);
    hits = results;
    return index.complete;
  });
  return hits;
}

export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export function folderNamed(name: string): vscode.WorkspaceFolder {
  const folder = vscode.workspace.workspaceFolders?.find((each) => each.name === name);
  assert.ok(folder, `a folder ${name} is open`);
  return folder;
}
