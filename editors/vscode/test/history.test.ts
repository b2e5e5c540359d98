import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History } from '../src/search/history';

class Memory {
  private readonly held = new Map<string, unknown>();
  keys = (): readonly string[] => [...this.held.keys()];
  get<T>(key: string, otherwise?: T): T {
    return (this.held.get(key) as T | undefined) ?? (otherwise as T);
  }
  update(key: string, value: unknown): Promise<void> {
    this.held.set(key, value);
    return Promise.resolve();
  }
}

test('the last queries come first, each once, and only so many', () => {
  const history = new History(new Memory());
  for (let number = 0; number < 30; number += 1) {
    history.add(`query ${number}`);
  }
  history.add('  query 15 ');
  history.add('   ');
  assert.equal(history.all.length, 20);
  assert.deepEqual(history.all.slice(0, 3), ['query 15', 'query 29', 'query 28']);
  assert.equal(history.all.filter((each) => each === 'query 15').length, 1);
});
