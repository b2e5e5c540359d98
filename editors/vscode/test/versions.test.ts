import assert from 'node:assert/strict';
import { test } from 'node:test';
import { before, fit } from '../src/server/versions';
import { newEnough } from '../src/server/python';

test('a server fits whose first two numbers are the extension\'s', () => {
  assert.equal(fit('0.1.0', '0.1.7'), 'fits');
  assert.equal(fit('0.2.0', '0.1.7'), 'older');
  assert.equal(fit('0.9.0', '0.10.0'), 'newer');
  assert.equal(fit('1.0.0', '0.9.0'), 'older');
  assert.equal(fit('0.1.0', ''), 'strange');
});

test('versions are compared by numbers', () => {
  assert.ok(before('0.9.0', '0.10.0'));
  assert.ok(!before('0.1.1', '0.1.1'));
  assert.ok(!before('1.0.0', '0.9.9'));
});

test('Python 3.11 is new enough, 3.9 is not', () => {
  assert.ok(newEnough('3.11.0') && newEnough('3.14.1') && newEnough('4.0.0'));
  assert.ok(!newEnough('3.9.18') && !newEnough('2.7.18'));
});
