import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packageToInstall } from '../src/server/package';

test('a server is installed from what the user or the build names, and otherwise from nowhere', () => {
  assert.equal(packageToInstall('~/wherein', '/clone'), '~/wherein');
  assert.equal(packageToInstall('  ', '/clone'), '/clone');
  assert.equal(packageToInstall(undefined, '/clone'), '/clone');
  assert.equal(packageToInstall(undefined, ''), undefined);
  assert.equal(packageToInstall('  ', ' '), undefined);
});
