import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortName, viewName } from '../src/known_as';

test('a repository is called by its folder or its address', () => {
  assert.equal(shortName('lazygit@4f2b1608b4dd'), 'lazygit');
  assert.equal(shortName('github.com/acme/web'), 'github.com/acme/web');
  assert.equal(shortName('@4f2b1608b4dd'), '@4f2b1608b4dd');
});

test('a view is called by its branch, or is the files on disk', () => {
  assert.equal(viewName('worktree:lazygit-51c82582'), 'files on disk');
  assert.equal(viewName('worktree:a-12345678:clone-0123abcd:src/lib'), 'files on disk, below src/lib');
  assert.equal(viewName('ref:main'), 'main');
  assert.equal(viewName('ref:main@{1}'), 'main@{1}');
  assert.equal(viewName('anything else'), 'anything else');
});
