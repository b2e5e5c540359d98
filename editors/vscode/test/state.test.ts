import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IndexBlock } from '../src/protocol';
import { Standing, type StateTold } from '../src/status/state';

function index(given: Partial<IndexBlock>): IndexBlock {
  return { repository: 'r', view: 'main', commit: null, behind: 0, complete: true, store: null, model: null, ...given };
}

function told(given: Partial<StateTold>): StateTold {
  const root = given.root ?? 'file:///r';
  return { root, folders: [root], state: 'idle', progress: null, problem: null, ...given };
}

const all = () => true;

test('what is wrong is said before progress, progress before freshness', () => {
  const standing = new Standing();
  standing.state(told({}));
  standing.index({ root: 'file:///r', index: index({}) });
  assert.match(standing.look(all).text, /check/);
  standing.index({ root: 'file:///r', index: index({ behind: 3 }) });
  assert.match(standing.look(all).tooltip, /3 files differ/);
  standing.state(told({ state: 'indexing', progress: { files_done: 250, files_total: 1_000 } }));
  assert.match(standing.look(all).text, /25%/);
  const problem = { code: -32002, message: 'Redis is away.', remedy: null };
  standing.state(told({ root: 'file:///s', state: 'failed', problem }));
  assert.equal(standing.look(all).wrong, true);
  assert.equal(standing.look(all).tooltip, 'Redis is away.');
});

test('progress is that of all folders together', () => {
  const standing = new Standing();
  standing.state(told({ state: 'indexing', progress: { files_done: 10, files_total: 100 } }));
  standing.state(told({ root: 'file:///s', state: 'indexing', progress: { files_done: 0, files_total: 100 } }));
  assert.match(standing.look(all).text, / 5%/);
});

test('a folder that nobody has looked at yet is not called up to date', () => {
  const standing = new Standing();
  assert.doesNotMatch(standing.look(all).text, /check/);
  standing.state(told({ state: 'starting' }));
  assert.match(standing.look(all).text, /sync~spin/);
  standing.index({ root: 'file:///r', index: index({}) });
  assert.match(standing.look(all).text, /sync~spin/);
  standing.state(told({ state: 'idle' }));
  assert.match(standing.look(all).text, /check/);
});

test('a folder that was closed is shown no more, whatever was wrong with it', () => {
  const standing = new Standing();
  standing.state(told({}));
  standing.index({ root: 'file:///r', index: index({}) });
  standing.state(told({ root: 'file:///s', state: 'failed' }));
  standing.index({ root: 'file:///s', index: index({ behind: 3 }) });
  assert.equal(standing.look(all).wrong, true);
  assert.match(standing.look((folder) => folder === 'file:///r').text, /check/);
});
