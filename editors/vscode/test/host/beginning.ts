/** What is there when the window is. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, extension, found, until } from './ours';

interface Contributed {
  contributes: { commands: { command: string }[]; languageModelTools: { name: string }[] };
}

/** Commands that buttons and the server's code actions run, and no palette shows. */
const UNSHOWN = /^wherein\.(results\.open|(search|symbol|related|explain|ask|changed|hook|reindex|status|callers|callees|outline))$/;

/** Commands that VS Code makes for each view. */
const OF_VIEWS = /^wherein\.results\.(focus|open|resetViewLocation|removeView|toggleVisibility)$/;

function contributed(): Contributed['contributes'] {
  return (extension().packageJSON as Contributed).contributes;
}

export const beginning = {
  'it is active once the window is there, and tells its version': async () => {
    await until('it is active', () => extension().isActive);
    assert.equal((await api()).version, (extension().packageJSON as { version: string }).version);
  },

  'every command that it names is there, and no other': async () => {
    const named = contributed().commands.map(({ command }) => command);
    const there = (await vscode.commands.getCommands(true)).filter((each) => each.startsWith('wherein.'));
    assert.deepEqual(named.filter((each) => !there.includes(each)), []);
    assert.deepEqual(there.filter((each) => !named.includes(each) && !UNSHOWN.test(each) && !OF_VIEWS.test(each)), []);
  },

  'a search is a tool of language models, with places and code in its answer': async () => {
    const [{ name }] = contributed().languageModelTools as [{ name: string }];
    const tool = vscode.lm.tools.find((each) => each.name === name);
    assert.ok(tool?.description.includes('by meaning'), 'it is told of');
    await found('card'); // the index is complete
    const { content } = await vscode.lm.invokeTool(name, {
      input: { query: 'charges a card', limit: 1 },
      toolInvocationToken: undefined,
    });
    const text = content.map((part) => (part as vscode.LanguageModelTextPart).value).join('');
    assert.match(text, /^shop\/payment\.py:\d+-\d+ \(function charge_card\)\ndef charge_card/);
  },
};
