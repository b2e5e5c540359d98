import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellAt } from '../src/search/cells';

const NOTEBOOK = {
  metadata: { cells: [{}], name: '"cells": [{' },
  cells: [
    { cell_type: 'code', outputs: [{ data: [{ text: '{}' }] }], source: ['a = {}\n', 'b = "]}"\n'] },
    { cell_type: 'markdown', source: ['"cells": [{\n'] },
    { cell_type: 'code', source: ['last()\n'] },
  ],
  nbformat: 4,
};

function placeOf(text: string, piece: string): { line: number; character: number } {
  const lines = text.slice(0, text.indexOf(piece)).split('\n');
  return { line: lines.length - 1, character: lines.at(-1)!.length };
}

test('a place in the file of a notebook is in the cell that holds it, however the file is laid out', () => {
  for (const indent of [undefined, 1, 4]) {
    const text = JSON.stringify(NOTEBOOK, null, indent);
    for (const [piece, cell] of [['a = {}', 0], ['b = ', 0], ['markdown', 1], ['last()', 2], ['nbformat', 2]] as const) {
      assert.equal(cellAt(text, placeOf(text, piece)), cell, `${piece} at ${indent}`);
    }
    assert.equal(cellAt(text, { line: 1_000, character: 0 }), 2);
  }
});

test('what is no notebook has no cell, and takes no time', () => {
  for (const text of ['', '{}', '[{"cells": [{}]}]', '{"cells": {"a": [{}]}}', '{"cells": "', '{"cells": []}', '"'.repeat(99_999), '['.repeat(100_000)]) {
    assert.equal(cellAt(text, { line: 0, character: text.length }), undefined, text.slice(0, 30));
  }
});
