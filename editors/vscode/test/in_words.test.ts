import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inWords, withRemedy } from '../src/in_words';
import { Code } from '../src/protocol';

test('who has no language model is told how to start one, beside the buttons', () => {
  assert.ok(inWords(Code.Endpoint, 'start one, such as `ollama run mistral`'));
});

test('what a button does is not said in words', () => {
  assert.ok(inWords(Code.Arguments, 'kotlin'));
  assert.ok(!inWords(Code.Arguments, 'open a folder'));
  assert.ok(!inWords(Code.Index, 'wherein index --force'));
  assert.ok(!inWords(Code.Endpoint, ''));
});

test('who has a store that is away is told to start it, beside the buttons', () => {
  assert.ok(inWords(Code.Store, "start the server, or check the store's URL"));
  assert.equal(withRemedy('Nothing answers.', 'start it'), 'Nothing answers. Try: start it');
  assert.equal(withRemedy('Nothing answers.', ''), 'Nothing answers.');
});
