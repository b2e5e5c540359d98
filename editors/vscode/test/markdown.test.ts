import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocks, inlines, type Block, type Inline } from '../src/panel/markdown';

function text(content: Inline[]): string {
  return content.map((one) => (one.kind === 'cite' ? `[${one.n}]` : one.text)).join('');
}

test('paragraphs, headings, lists, quotes and code are told apart', () => {
  const found = blocks('# It\n\ncharges\nthe card [1].\n\n- one\n  more\n- two\n\n1. a\n2. b\n\n> so\n\n```py\n# x\n\n- y\n```\nend');
  assert.deepEqual(
    found.map((block) => block.kind),
    ['heading', 'paragraph', 'list', 'list', 'quote', 'code', 'paragraph'],
  );
  assert.deepEqual(found[5], { kind: 'code', text: '# x\n\n- y' });
  assert.equal((found[2] as Block & { kind: 'list' }).items.length, 2);
  assert.equal((found[3] as Block & { kind: 'list' }).ordered, true);
});

test('numbers in brackets are citations, but not in code and not when they are escaped', () => {
  assert.deepEqual(inlines('see [1] and [2, 13]'), [
    { kind: 'text', text: 'see ' },
    { kind: 'cite', n: 1 },
    { kind: 'text', text: ' and ' },
    { kind: 'cite', n: 2 },
    { kind: 'cite', n: 13 },
  ]);
  assert.deepEqual(inlines('`a[1]` \\[2\\]'), [
    { kind: 'code', text: 'a[1]' },
    { kind: 'text', text: ' [2]' },
  ]);
});

test('escapes of inert Markdown are read as the signs they stand for', () => {
  assert.equal(text(inlines('\\<script>, \\![x]\\(y), http:\\//a.b, &lt;b&gt; &amp; C:\\dir')), '<script>, ![x](y), http://a.b, <b> & C:\\dir');
});

test('emphasis needs both its marks, and names with underscores have none', () => {
  assert.deepEqual(inlines('**bold** and *thin*')[0], { kind: 'strong', text: 'bold' });
  assert.deepEqual(inlines('**bold** and *thin*')[2], { kind: 'em', text: 'thin' });
  assert.equal(text(inlines('2 * 3 * 4, **open, snake_case_name, __init')), '2 * 3 * 4, **open, snake_case_name, __init');
});

test('links, images and HTML stay text', () => {
  for (const live of ['[a](https://b.example)', '![a](https://b.example/x.png)', '<img src=x onerror=alert(1)>', '<script>1</script>']) {
    assert.equal(text(inlines(live)), live);
    assert.deepEqual(blocks(live), [{ kind: 'paragraph', content: [{ kind: 'text', text: live }] }]);
  }
});

test('code that is still being written is code already', () => {
  assert.deepEqual(blocks('```\nx = 1\n'), [{ kind: 'code', text: 'x = 1\n' }]);
});

test('any text is taken in a moment', () => {
  const odd = ['`'.repeat(20_000), '*a '.repeat(10_000), '['.repeat(20_000), '- '.repeat(20_000), '**'.repeat(5_000) + 'a'];
  const before = performance.now();
  odd.forEach((each) => blocks(each));
  assert.ok(performance.now() - before < 5_000);
});
