import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Found, Hit } from '../src/protocol';
import { notesOf, titled } from '../src/search/said';
import { fileFirst, nameOf } from '../src/search/words';

function hit(path: string): Hit {
  const range = { start: { line: 6, character: 0 }, end: { line: 9, character: 0 } };
  const named = { repository: 'r', path, symbol: 's', qualified_name: 's', kind: 'function', language: 'rust' };
  return { ...named, location: { uri: `file:///r/${path}`, range }, score: 1, text: '', title: '', matches: [] };
}

function found(results: Hit[], notes: string[], complete = true): Found {
  return { index: { repository: 'r', view: null, commit: null, behind: 0, complete, store: null, model: null }, results, notes };
}

test('what is cut off in a narrow list is the folder, not the file and its line', () => {
  assert.equal(fileFirst(hit('crates/client/src/record/sync.rs')), 'sync.rs:7  crates/client/src/record');
  assert.equal(fileFirst(hit('README.md')), 'README.md:7');
});

test('a caller that may mean something else at run time is called a possible one', () => {
  const call = { name: 'area', location: hit('a.py').location };
  assert.equal(nameOf({ ...hit('a.py'), qualified_name: 'total', call: { ...call, through: 'Shape.area' } }), 'total (possibly)');
  assert.equal(nameOf({ ...hit('a.py'), qualified_name: 'total', call }), 'total');
});

test('what is said of results is in the title where they push it out of sight', () => {
  const said = 'Nothing holds "a.b c" verbatim: its words were searched for instead.';
  assert.equal(titled('Search', found([hit('a')], [said])), 'Search · Nothing holds "a.b c" verbatim');
  assert.equal(titled('Search', found([hit('a')], ['It is so.'])), 'Search · It is so');
  assert.equal(titled('Search', found([hit('a')], ['x'.repeat(99)])), `Search · ${'x'.repeat(60)} …`);
  assert.equal(titled('Search', found([hit('a')], [])), 'Search');
  assert.equal(titled('Search', found([hit('a')], [said], false)), 'Search · still indexing');
  assert.equal(titled('Search', found([], [])), 'Search');
  assert.deepEqual(notesOf(found([], [])), ['Nothing found.']);
});
