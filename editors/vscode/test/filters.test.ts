import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suggestions } from '../src/search/filters';

test('a filter that is half typed is gone on with', () => {
  assert.deepEqual(
    suggestions('retry lang:py').map((each) => each.query),
    ['retry lang:python '],
  );
  assert.ok(suggestions('kind:').some((each) => each.filter === 'kind:function'));
});

test('what is whole, or no filter at the end, suggests nothing', () => {
  assert.deepEqual(suggestions('retry lang:python'), []);
  assert.deepEqual(suggestions('lang:py retry'), []);
  assert.deepEqual(suggestions('prolang:py'), []);
  assert.deepEqual(suggestions(''), []);
});
