import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from '../src/search/same_line';

const EARLIER = ['def a():', '    return 1', '', 'def b():', '    return 1'];

test('a line of an earlier version is the nearest one of the same text now, else the one of its number', () => {
  const now = ['import os', '', ...EARLIER];
  assert.equal(nearest(EARLIER, 3, now), 5);
  assert.equal(nearest(EARLIER, 4, now), 3, 'of two the nearer');
  assert.equal(nearest(EARLIER, 2, now), 2, 'an empty line tells nothing');
  assert.equal(nearest(EARLIER, 3, ['def c():']), 0);
  assert.equal(nearest(EARLIER, 3, ['']), 0);
});
