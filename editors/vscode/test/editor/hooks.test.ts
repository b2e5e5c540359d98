/** git's hooks, put into a repository and taken out of it. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before } from 'node:test';
import type { CodeServer } from './code_server';
import { committed, git } from './repository';
import { ended, scene as play, SERVER, started } from './stage';
import { Window } from './window';

let code: CodeServer;
let place: string;
let window: Window;

before(async () => {
  place = committed('hooked', { 'shop.py': 'def pay():\n    return 1\n' });
  code = await started({ settings: { 'wherein.server.path': SERVER } });
  window = await Window.open(code.url({ folder: place }));
});

after(ended);

function scene(name: string, done: (window: Window) => Promise<void>): void {
  play(name, () => window, async () => {
    await window.clear();
    await done(window);
  });
}

scene('the git hook is installed after showing what it writes', async ({ dialog }) => {
  await window.command('wherein: Install Git Hook');
  await dialog.filter({ hasText: 'keep the index of' }).waitFor();
  await window.shot('hook');
  await dialog.getByText('Install the Hook').click();
  await window.note('The git hook is installed').waitFor();
  const told = execFileSync(SERVER, ['hook', 'status', '--repo', place], { env: code.environment }).toString();
  assert.match(told, /post-commit/);
  await window.clear();
  await window.command('wherein: Install Git Hook');
  await window.note('already').waitFor();
  await window.clear();
  await window.command('wherein: Remove Git Hook');
  await dialog.filter({ hasText: 'Remove the git hook from' }).waitFor();
  await dialog.getByText('Remove the Hook').click();
  await window.note('The git hook was removed').waitFor();
  await window.clear();
  await window.command('wherein: Remove Git Hook');
  await window.note('There are no hooks of wherein here').waitFor();
  assert.doesNotMatch(code.logged(/(.*no hooks of wherein.*)/).join(), /./, 'what is no fault is not in the log');
});

scene('a hook that others get too is installed for everybody, when that is agreed to', async ({ dialog }) => {
  fs.mkdirSync(path.join(place, '.githooks'));
  git(place, 'config', 'core.hooksPath', '.githooks');
  try {
    await window.command('wherein: Install Git Hook');
    await dialog.filter({ hasText: 'for everybody who works on it' }).waitFor();
    await dialog.getByText('Install for Everybody').click();
    await window.note('The git hook is installed').waitFor();
    assert.match(fs.readFileSync(path.join(place, '.githooks/post-commit'), 'utf8'), /wherein hook request/);
    await window.clear();
    await window.command('wherein: Remove Git Hook');
    await dialog.getByText('Remove the Hook').click();
    await window.note('The git hook was removed').waitFor();
    assert.ok(!fs.existsSync(path.join(place, '.githooks/post-commit')));
  } finally {
    git(place, 'config', '--unset', 'core.hooksPath');
  }
});
