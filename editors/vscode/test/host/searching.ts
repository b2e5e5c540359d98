/** Searching as another extension does it, and as the editor does. */
import * as assert from 'node:assert/strict';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { api, folderNamed, found } from './ours';

function fileOf(folder: string, name: string): vscode.Uri {
  return vscode.Uri.joinPath(folderNamed(folder).uri, name);
}

export const searching = {
  'what is found opens where it is said to be, whatever its path is made of': async () => {
    const [first] = await found('charges a card', { limit: 3, kinds: ['function'] });
    assert.equal(first?.qualified_name, 'charge_card');
    const uri = vscode.Uri.parse(first.location.uri, true);
    assert.equal(uri.toString(), fileOf('shop für #1 100%', 'shop/payment.py').toString());
    const document = await vscode.workspace.openTextDocument(uri);
    const { start } = first.matches[0] ?? first.location.range;
    assert.match(document.lineAt(start.line).text.slice(start.character), /^charge_card/);
  },

  'what is found in a notebook opens it at its cell': async () => {
    const folder = folderNamed('second (b) & + c').uri.toString();
    const hits = await found('refund a card', { limit: 10 });
    const hit = hits.find((each) => each.path.endsWith('refund.ipynb') && each.kind === 'cell');
    assert.ok(hit, hits.map((each) => `${each.path} ${each.kind}`).join(', '));
    assert.ok(hit.location.uri.startsWith(folder));
    await vscode.commands.executeCommand('wherein.results.open', hit);
    const editor = vscode.window.activeNotebookEditor;
    assert.equal(editor?.notebook.uri.path.split('/').pop(), 'refund.ipynb');
    const cell = editor.notebook.cellAt(editor.selection.start);
    assert.match(cell.document.getText(), /def refund_card/);
    assert.ok(cell.index > 0, 'it is not the first');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  },

  'languages, kinds and paths keep to some of it; filters in the query do as well': async () => {
    const paths = async (query: string, wanted?: Parameters<typeof found>[1]): Promise<string[]> =>
      (await found(query, wanted)).map((hit) => hit.path);
    assert.ok((await paths('card', { languages: ['markdown'] })).every((each) => each.endsWith('.md')));
    assert.ok((await paths('card lang:markdown')).every((each) => each.endsWith('.md')));
    assert.deepEqual([...new Set(await paths('card', { paths: ['shop/**'], kinds: ['function'] }))], ['shop/payment.py']);
  },

  'a search that is cancelled ends at once as cancelled, and the next one is answered': async () => {
    const source = new vscode.CancellationTokenSource();
    const asked = (await api()).search('charges a card', {}, source.token);
    source.cancel();
    await assert.rejects(asked, vscode.CancellationError);
    assert.notEqual((await found('charges a card')).length, 0);
  },

  'what cannot be asked is refused in one sentence': async () => {
    const ours = await api();
    const refused = async (asked: Promise<unknown>): Promise<string> => {
      const error: unknown = await asked.then(() => undefined, (reason: unknown) => reason);
      assert.ok(error instanceof Error);
      return error.message;
    };
    for (const asked of [ours.search('card', { limit: -1 }), ours.search('card lang:klingon'), ours.search('card', { kinds: ['spoon'] })]) {
      assert.match(await refused(asked), /^wherein: [^\n]{10,300}$/);
    }
  },

  'names are symbols of the workspace': async () => {
    const symbols = await vscode.commands.executeCommand<vscode.SymbolInformation[]>('vscode.executeWorkspaceSymbolProvider', 'charge_card');
    const ours = symbols.find((each) => each.name === 'charge_card' && path.basename(each.location.uri.path) === 'payment.py');
    assert.equal(ours?.kind, vscode.SymbolKind.Function);
  },

  'code can be explained, and code like it found, from its light bulb': async () => {
    const uri = fileOf('shop für #1 100%', 'shop/payment.py');
    await vscode.workspace.openTextDocument(uri);
    const actions = await vscode.commands.executeCommand<(vscode.CodeAction & vscode.Command)[]>(
      'vscode.executeCodeActionProvider',
      uri,
      new vscode.Range(0, 0, 0, 0),
    );
    const ours = actions.filter((each) => /Explain|similar/.test(each.title));
    assert.deepEqual(ours.map((each) => each.title).sort(), ['Explain this', 'Find similar code']);
  },
};
