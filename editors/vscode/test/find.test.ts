import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test } from 'node:test';
import { find, which, type Places } from '../src/server/find';

function folder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'wherein find ü# '));
}

function program(file: string): string {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, '#!/bin/sh\n', { mode: 0o755 });
  return file;
}

function places(given: Partial<Places>): Places {
  const nowhere = folder();
  return { configured: '', managed: nowhere, environment: { PATH: '' }, home: nowhere, windows: false, ...given };
}

test('the setting counts before PATH, PATH before the home folder, that before what the extension made', () => {
  const home = folder();
  const managed = folder();
  const onPath = folder();
  const all = places({ home, managed, environment: { PATH: `/nowhere:${onPath}` } });
  assert.equal(find(all), undefined);
  const own = program(path.join(managed, 'bin/wherein'));
  assert.deepEqual(find(all), { file: own, origin: 'managed' });
  const local = program(path.join(home, '.local/bin/wherein'));
  assert.deepEqual(find(all), { file: local, origin: 'path' });
  const found = program(path.join(onPath, 'wherein'));
  assert.deepEqual(find(all), { file: found, origin: 'path' });
  const named = program(path.join(home, 'my server'));
  assert.deepEqual(find({ ...all, configured: '~/my server' }), { file: named, origin: 'setting' });
});

test('a setting that names no program is told, not passed over', () => {
  const here = folder();
  fs.writeFileSync(path.join(here, 'text'), 'no program', { mode: 0o644 });
  for (const name of ['missing', 'text', '']) {
    const said = find(places({ configured: path.join(here, name) }));
    assert.match(typeof said === 'string' ? said : '', /not a program that can be run/);
  }
  const relative = find(places({ configured: './wherein' }));
  assert.match(typeof relative === 'string' ? relative : '', /absolute/);
});

test('a relative folder on PATH is not looked into: it would be one of the repository', () => {
  const repository = folder();
  program(path.join(repository, 'wherein'));
  const before = process.cwd();
  process.chdir(repository);
  try {
    assert.equal(which('wherein', { environment: { PATH: '.:' }, windows: false }), undefined);
  } finally {
    process.chdir(before);
  }
});
