import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asTarget } from '../src/given';

const place = { uri: 'file:///a.py', position: { line: 3, character: 0 } };

test('of what a code action gives only the place is taken: the server is not asked to show the list as well', () => {
  assert.deepEqual(asTarget({ ...place, show: true }), place);
  for (const strange of [undefined, null, {}, 'a.py', { uri: 'file:///a.py' }, { position: place.position }]) {
    assert.equal(asTarget(strange), undefined);
  }
});
