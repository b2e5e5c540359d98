/** In the extension host of a window with several folders; and documents that are in no index, each with what helps. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { folder } from './children';
import type { CodeServer } from './code_server';
import { Host, TEST_EXTENSION } from './host';
import { committed } from './repository';
import { ended, LONGEST, scene as play, SERVER, started } from './stage';
import { until } from './until';
import { Window } from './window';

const MOST_FOR_ACTIVATION = Number(process.env['WHEREIN_ACTIVATION'] ?? 3_000);
/** Milliseconds, on a machine that does much else; on a quiet one it is some 130. */

const PAYMENT = 'def charge_card(number):\n    """Charges a card."""\n    return Bank().take(number)\n';
const of = (...source: string[]): object => ({ cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source });
const CELL = of('def later_card(number):\n', '    return number\n');
const WORDS = { cell_type: 'markdown', metadata: {}, source: ['# Money goes back\n', '\n', 'A chapter about "cells": [{ and other things.\n'] };
const REFUND = of('def refund_card(number):\n', '    return -number\n');

const AT_A_DRIVE = { uri: 'file:///c%3A/Users/me/a%20b.py', position: { line: 0, character: 0 } };

let code: CodeServer;
let window: Window;
let host: Host;
let second: string;

before(async () => {
  const first = committed('shop für #1 100%', { 'shop/payment.py': PAYMENT, 'README.md': '# Shop\n\nIt takes a card.\n' });
  const notebook = JSON.stringify({ cells: [CELL, WORDS, REFUND], metadata: {}, nbformat: 4, nbformat_minor: 5 }, null, 1);
  second = committed('second (b) & + c', {
    'cards.py': 'def card_of(person):\n    return person.card\n',
    'CARDS.md': '# Cards\n\nA card is lost.\n',
    'refund.ipynb': notebook,
  });
  const cards = path.join(second, 'cards.py');
  const losing = '\n\ndef lose_card(person):\n    person.card = None\n';
  fs.writeFileSync(cards, `"""People's cards."""\n\n${fs.readFileSync(cards, 'utf8')}${losing}`);
  const workspace = path.join(folder('both'), 'both.code-workspace');
  fs.writeFileSync(workspace, JSON.stringify({ folders: [{ path: first }, { path: second }] }));
  const socket = path.join(folder('s'), 'host');
  code = await started({ settings: { 'wherein.server.path': SERVER }, environment: { WHEREIN_HOST_SOCKET: socket } });
  window = await Window.open(code.url({ workspace, extension: TEST_EXTENSION }));
  host = new Host(socket);
  await host.answers();
});

after(ended);

const scene = (name: string, done: (window: Window) => Promise<void>): void =>
  play(name, () => window, async () => {
    await host.run('closeAll');
    await window.clear();
    await done(window);
  });

test('in the extension host', { timeout: LONGEST }, async (suite) => {
  const third = committed('third', { 'cat.py': 'def feed(cat):\n    """Feeds the cat."""\n    cat.eat()\n' });
  for (const name of await host.names()) {
    await suite.test(name, async () => {
      await host.run(name, third);
    });
  }
});

test('activating takes little', () => {
  const [told] = code.logged(/activated in (\d+) ms/);
  assert.ok(told);
  console.log(`activation: ${told} ms`);
  assert.ok(Number(told) <= MOST_FOR_ACTIVATION, told);
});

/** Asks in the window that has the document until it is said: a note goes by itself. */
async function says(asked: string | [string, unknown], text: RegExp, ...buttons: string[]): Promise<void> {
  await until(`${String(asked)} says ${text}`, async () => {
    await host.run('start', ...[asked].flat());
    const note = window.note(text);
    await note.waitFor({ timeout: 15_000 });
    for (const button of buttons) {
      await note.getByText(button, { exact: true }).waitFor({ timeout: 5_000 });
    }
    return true;
  });
}

scene('the cell of a notebook is searched for by its text', async ({ input, title }) => {
  await host.run('openCell', 'refund.ipynb');
  await says('wherein.explainThis', /A notebook's cell/, 'Search This Text');
  await window.shot('notebook');
  await window.note(/A notebook's cell/).getByText('Search This Text').click();
  await title.filter({ hasText: 'Search Code' }).waitFor();
  assert.equal(await input.inputValue(), 'later_card');
});

scene('an earlier version in a comparison leads to the file as it is now', async ({ cursor, input, row }) => {
  await host.run('openEarlier', 'cards.py');
  await says('wherein.findSimilar', /an earlier version of the file/, 'Open the File', 'Search This Text');
  await window.shot('earlier');
  await window.note(/an earlier version/).getByText('Open the File').click();
  await until('the file is the editor', async () => (await host.run('tab')) === 'other cards.py');
  await cursor.filter({ hasText: 'Ln 3, Col 1' }).waitFor(); // where what was stood on is now
  await host.run('start', 'wherein.findSimilar');
  await window.title.filter({ hasText: 'Similar Code' }).waitFor(); // also while the folder is still being indexed
  await input.fill('lose');
  await until('letters narrow it down', async () => (await window.rows.count()) === 1);
  await input.fill('');
  await row('later_card').waitFor();
});

scene('a comparison that a list lay over is there again with both sides, when it is closed', async ({ page, row }) => {
  await host.run('openEarlier', 'cards.py');
  const before = await host.run('tab');
  assert.match(String(before), /^comparison cards\.py/);
  await window.search('a card is lost path:CARDS.md');
  await row('CARDS.md').waitFor();
  await until('a result is shown in its place', async () => !String(await host.run('tab')).startsWith('comparison'));
  await window.shot('over-a-comparison');
  await page.keyboard.press('Escape');
  await until('the comparison is there again', async () => (await host.run('tab')) === before);
  await until('both of its sides are', async () => (await host.run('sides')) === 'file git');
  await window.shot('comparison');
});

scene('a list over a notebook shows the cell that is stood on, and gives back what was there', async ({ page, row }) => {
  await host.run('openFile', path.join(second, 'cards.py'));
  await window.search('refund_card kind:cell');
  await row('refund.ipynb').waitFor();
  await until('the notebook is shown', async () => String(await host.run('tab')).startsWith('notebook'));
  await window.shot('cell');
  await page.keyboard.press('Escape');
  await until('the file is there again', async () => /cards\.py/.test(String(await host.run('tab'))));
  await until('the notebook is closed', async () => (await window.tab('refund.ipynb').count()) === 0);
});

scene('a document on no disk is searched for by its text', async ({ row }) => {
  await host.run('openVirtual');
  await says('wherein.findSimilar', /is not a file on disk/, 'Search This Text');
  await window.note(/is not a file on disk/).getByText('Search This Text').click();
  await row('payment.py').waitFor();
  await window.shot('virtual');
});

scene('a file of no open folder, and a drive of Windows, say which folder to open', async () => {
  const outside = committed('outside', { 'alone.py': 'def alone():\n    return 1\n' });
  await host.run('openFile', path.join(outside, 'alone.py'));
  await says('wherein.findSimilar', /alone\.py is not in a folder that is open/, 'Open Folder');
  await says(['wherein.findSimilar', AT_A_DRIVE], /C:\/Users\/me\/a b\.py is a Windows file/i, 'Open Folder');
});
