/** No server, no Python, servers that misbehave, folders that are not trusted: one sentence each, and what helps. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before } from 'node:test';
import { folder } from './children';
import type { CodeServer } from './code_server';
import { git, PROJECT, repository } from './repository';
import { ended, scene as play, SERVER, started } from './stage';
import { until } from './until';
import { Window } from './window';

const FILES = Number(process.env['WHEREIN_FILES'] ?? 5_000);
/** In a large repository; 100,000 were tried. */

const NEEDED = ['node', 'sh', 'bash', 'env', 'git', 'dirname', 'readlink', 'uname', 'sed', 'cat'];

let code: CodeServer;
let bin: string;
let window: Window | undefined;

/** PATH as it is on a machine without wherein, and with as much Python as a test puts there. */
function fewPrograms(): string {
  const made = folder('bin');
  for (const name of NEEDED) {
    const found = (process.env['PATH'] ?? '').split(':').map((each) => path.join(each, name)).find((each) => fs.existsSync(each));
    if (found) {
      fs.symlinkSync(name === 'node' ? process.execPath : found, path.join(made, name));
    }
  }
  return made;
}

/** A shell that reads no profile: the editor asks one for PATH. */
function shell(): string {
  return script('#!/bin/sh\nfor last; do :; done\nexec /bin/sh -c "$last"\n', 'plain-sh');
}

function script(text: string, name = 'wherein'): string {
  const file = path.join(folder('a server'), name);
  fs.writeFileSync(file, text, { mode: 0o755 });
  return file;
}

/** An evil or broken server, in the only language that is there for certain. */
function server(body: string): string {
  return script(`#!${process.execPath}\n${body}\n`);
}

const ANSWER = `
process.stdin.once('data', (given) => {
  const { id } = JSON.parse(given.toString().split('\\r\\n\\r\\n')[1]);
  const body = JSON.stringify({ jsonrpc: '2.0', id, result: { capabilities: {}, serverInfo: { name: 'wherein', version: '9.9.0' } } });
  process.stdout.write('Content-Length: ' + Buffer.byteLength(body) + '\\r\\n\\r\\n' + body);
});
process.stdin.on('end', () => process.exit());`;

before(async () => {
  bin = fewPrograms();
  code = await started({ trust: true, environment: { PATH: bin, SHELL: shell(), WHEREIN_START_SECONDS: '5' } });
});

after(ended);

const scene = (name: string, done: () => Promise<void>): void => play(name, () => window, done);

/** Asks until it is said: a note goes by itself, and settings are taken over when the editor gets to it. */
async function says(command: string, text: RegExp, ...buttons: string[]): Promise<void> {
  const shown = window!;
  await until(`${command} says ${text}`, async () => {
    await shown.command(command);
    await shown.note(text).waitFor({ timeout: 15_000 });
    for (const button of buttons) {
      await shown.note(text).getByText(button, { exact: true }).waitFor({ timeout: 5_000 });
    }
    return true;
  });
}

async function opened(place?: string): Promise<void> {
  await window?.close();
  window = await Window.open(code.url({ folder: place }));
}

scene('without a server it is offered to install one where it is said from where; without a Python, one is asked for', async () => {
  await opened(repository('r', ['docs']));
  for (const command of ['Search Code', 'Install or Update the Server']) {
    await says(`wherein: ${command}`, /run .\/install in a clone of wherein/, 'How to Get It', 'Name Its Program');
  }
  code.set({ 'wherein.server.package': PROJECT });
  await says('wherein: Search Code', /not on this machine yet/, 'Install', 'Name Its Program');
  await window!.shot('no-server');
  await says('wherein: Install or Update the Server', /needs Python 3.11 or newer, and none is on the PATH/, 'Get Python');
  fs.writeFileSync(path.join(bin, 'python3'), '#!/bin/sh\necho 3.9.2\n', { mode: 0o755 });
  await says('wherein: Install or Update the Server', /needs Python 3.11 or newer; here is python3 3.9.2/, 'Try Again');
  await window!.shot('old-python');
});

scene('servers that misbehave are told apart', async () => {
  const cases: [string, RegExp][] = [
    [server("console.log('Hello, I am no server'); setInterval(() => {}, 1000)"), /prints to its standard output.*Hello/],
    [server("console.error('a part of it is missing'); process.exit(3)"), /could not be started: a part of it is missing/],
    [server('setInterval(() => {}, 1000)'), /did not answer within 5 seconds/],
    [server(ANSWER), /is not compatible with .*version 9.9.0/],
    ['/nowhere/wherein', /names \/nowhere\/wherein, which is not a program/],
  ];
  for (const [file, text] of cases) {
    code.set({ 'wherein.server.path': file });
    await says('wherein: Restart the Server', text);
  }
  await window!.shot('misbehaving');
  code.set({ 'wherein.server.path': server('setInterval(() => {}, 1000)') });
  await until('a list tells that it waits for a server', async () => {
    await window!.search('how is a hook installed');
    await window!.row('Searching …').waitFor({ timeout: 4_000 });
    return true;
  });
  await window!.shot('waiting');
});

scene('a folder that is not trusted names no program and no endpoint, and can be searched', async () => {
  const place = repository('untrusted', ['docs']);
  const mark = path.join(place, 'was-run');
  const evil = server(`require('fs').writeFileSync(${JSON.stringify(mark)}, '')`);
  fs.mkdirSync(path.join(place, '.vscode'));
  const theirs = { 'wherein.server.path': evil, 'wherein.llm.base_url': 'http://127.0.0.1:9/v1', 'wherein.server.start': 'always' };
  fs.writeFileSync(path.join(place, '.vscode/settings.json'), JSON.stringify(theirs));
  code.set({ 'wherein.server.path': SERVER });
  await opened(place);
  const shown = window!;
  await shown.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
  await shown.opened('Shift+Alt+S', async () => {
    await shown.input.fill('how is a hook installed');
    await shown.row('hooks.md').waitFor();
  });
  await shown.shot('restricted');
  await shown.page.keyboard.press('Escape');
  assert.equal(fs.existsSync(mark), false);
});

scene('documents that are no files of a folder say what helps', async () => {
  await window!.command('File: New Untitled Text File');
  await window!.tab('Untitled-1').waitFor();
  await says('wherein: Find Similar Code', /This document is not a file yet/, 'Save', 'Search This Text');
  await window!.command('Preferences: Open User Settings (JSON)');
  await window!.tab('settings.json').waitFor();
  await window!.command('wherein: Explain This');
  const said = window!.panel().locator('article[data-state="failed"]').first();
  await said.getByText('is not in a folder that is open').waitFor();
  await said.getByText('Open Folder').waitFor();
  await window!.command('View: Close All Editors');
});

scene('a store that is away is told in the list, with what helps', async () => {
  const { row, input } = window!;
  code.set({ 'wherein.server.path': SERVER, 'wherein.store': 'redis://127.0.0.1:9' });
  await window!.opened('Shift+Alt+S', async () => {
    await input.fill('');
    await input.fill('how is a hook installed');
    await row('Nothing answers at redis').waitFor({ timeout: 20_000 });
  });
  await row('Open Settings').waitFor();
  await window!.shot('store-away');
  await window!.page.keyboard.press('Escape');
  code.set({ 'wherein.server.path': SERVER });
});

scene(`${FILES} files are searched while they are indexed, and it is said that there may be more`, async () => {
  const place = folder('many');
  for (let file = 0; file < FILES; file += 1) {
    const part = path.join(place, `part${Math.trunc(file / 500)}`);
    if (file % 500 === 0) {
      fs.mkdirSync(part);
    }
    fs.writeFileSync(path.join(part, `unit${file}.py`), `def open_door_${file}(key):\n    return key + ${file}\n`);
  }
  git(place, 'init', '-q');
  code.set({ 'wherein.server.path': SERVER, 'wherein.list.limit': 3 }); // what is said below them is on screen
  await opened(place);
  const shown = window!;
  await shown.opened('Shift+Alt+S', async () => {
    await shown.input.fill('how is a door opened');
    const told = [shown.row('Still indexing: there may be more'), shown.title.filter({ hasText: 'still indexing' })];
    await Promise.all(told.map((each) => each.waitFor()));
  });
  await until('some are found already', async () => (await shown.rows.filter({ hasText: /unit\d+\.py:1/ }).count()) > 0);
  await shown.shot('many-files');
  await shown.page.keyboard.press('ArrowDown'); // who reads results is not disturbed by others
  const read = await shown.rows.filter({ hasText: /unit\d+\.py:1/ }).allTextContents();
  await until('indexing is over', async () => !(await shown.title.textContent())?.includes('still indexing'));
  assert.deepEqual(await shown.rows.filter({ hasText: /unit\d+\.py:1/ }).allTextContents(), read);
  await shown.page.keyboard.press('Escape');
});

scene('an empty window says that no folder is open', async () => {
  await opened();
  await says('wherein: Search Code', /No folder is open/, 'Open Folder');
});
