/** Several folders in one window: each is searched, has settings of its own, comes and goes. */
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { VIRTUAL } from './in_memory';
import { folderNamed, found, until } from './ours';

const repositories = async (query: string): Promise<Set<string>> =>
  new Set((await found(query, { limit: 50 })).map((hit) => vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(hit.location.uri))?.name ?? hit.path));

async function setFolders(remove: number, ...add: { uri: vscode.Uri; name?: string }[]): Promise<void> {
  const changed = new Promise((resolve) => {
    const listening = vscode.workspace.onDidChangeWorkspaceFolders((event) => {
      listening.dispose();
      resolve(event);
    });
  });
  assert.ok(vscode.workspace.updateWorkspaceFolders(vscode.workspace.workspaceFolders?.length ?? 0, remove, ...add) || remove);
  await changed;
}

export const folders = {
  'all folders of a window are searched at once': async () => {
    const names = await repositories('card');
    assert.ok(names.has('shop für #1 100%'), [...names].join());
    assert.ok(names.has('second (b) & + c'), [...names].join());
  },

  'a setting of one folder counts in that one': async () => {
    const second = folderNamed('second (b) & + c');
    const set = (settings: object): void => {
      fs.mkdirSync(path.join(second.uri.fsPath, '.vscode'), { recursive: true });
      fs.writeFileSync(path.join(second.uri.fsPath, '.vscode/settings.json'), JSON.stringify(settings));
    };
    const markdown = async (): Promise<string[]> => (await found('card lang:markdown', { limit: 50 })).map((hit) => hit.location.uri);
    const ofSecond = (uri: string): boolean => vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(uri))?.name === second.name;
    await until('both are found', async () => {
      const all = await markdown();
      return all.some(ofSecond) && !all.every(ofSecond);
    });
    set({ 'wherein.index.exclude': ['*.md'] });
    await until('those of the second folder are left out', async () => {
      const all = await markdown();
      return all.length > 0 && !all.some(ofSecond);
    });
    set({});
  },

  'a folder that is opened later is searched, and one that is closed is not; one on no disk is passed over': async (third: string) => {
    const count = vscode.workspace.workspaceFolders?.length ?? 0;
    await setFolders(0, { uri: vscode.Uri.file(third), name: 'third' }, { uri: VIRTUAL, name: 'virtual' });
    await until('the third folder is searched', async () => (await repositories('feeds the cat')).has('third'));
    const closed = new Promise((resolve) => vscode.workspace.onDidChangeWorkspaceFolders(resolve));
    assert.ok(vscode.workspace.updateWorkspaceFolders(count, 2));
    await closed;
    await until('the third folder is gone', async () => !(await repositories('feeds the cat')).has('third'));
    assert.ok((await repositories('card')).size > 1);
  },
};
