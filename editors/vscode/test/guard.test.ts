import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Guard } from '../src/server/guard';

function message(body: string): Buffer {
  return Buffer.from(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

async function passed(pieces: Buffer[]): Promise<{ text: string; strange: string | undefined }> {
  const guard = new Guard();
  const all: Buffer[] = [];
  guard.on('data', (piece: Buffer) => all.push(piece));
  for (const piece of pieces) {
    guard.write(piece);
  }
  guard.end();
  await once(guard, 'end');
  return { text: Buffer.concat(all).toString(), strange: guard.strange };
}

test('messages pass as they are, however they are cut', async () => {
  const whole = Buffer.concat([message('{"a": "ü\\r\\n\\r\\n"}'), message('{}'), message('x'.repeat(5_000))]);
  for (const size of [1, 2, 7, 100, whole.length]) {
    const pieces: Buffer[] = [];
    for (let at = 0; at < whole.length; at += size) {
      pieces.push(whole.subarray(at, at + size));
    }
    assert.deepEqual(await passed(pieces), { text: whole.toString(), strange: undefined });
  }
});

test('what is printed in place of a message ends the output, and is told', async () => {
  const first = message('{}');
  for (const printed of ['Hello\n', 'Content-Lengthy story', 'Content-Length: many\r\n\r\n', 'content-type: x\r\n\r\nbody', 'C'.repeat(3_000)]) {
    const { text, strange } = await passed([first, Buffer.from(printed), first]);
    assert.equal(text, first.toString());
    assert.ok(strange && printed.startsWith(strange.slice(0, 5)), printed);
  }
});
