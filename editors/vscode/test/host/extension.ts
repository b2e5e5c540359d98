/** An extension beside ours: does in the extension host, over a socket, what the test outside of it asks for. */
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as vscode from 'vscode';
import { acts } from './acts';
import { inMemory } from './in_memory';
import { tests } from './tests';

type Done = { result: unknown } | { error: string };

export function activate(context: vscode.ExtensionContext): void {
  const socket = process.env['WHEREIN_HOST_SOCKET'] ?? '';
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider('wherein-test', inMemory, { isCaseSensitive: true }));
  const server = http.createServer((request, response) => {
    void (async () => {
      const pieces: Buffer[] = [];
      for await (const piece of request) {
        pieces.push(piece as Buffer);
      }
      const { name, given } = JSON.parse(Buffer.concat(pieces).toString()) as { name: string; given: unknown[] };
      response.end(JSON.stringify(await done(name, given)));
    })();
  });
  fs.rmSync(socket, { force: true }); // of a window before
  server.listen(socket);
  context.subscriptions.push({ dispose: () => server.close() });
}

async function done(name: string, given: unknown[]): Promise<Done> {
  try {
    if (name === 'tests') {
      return { result: Object.keys(tests) };
    }
    const wanted = (tests as Record<string, (...given: never[]) => unknown>)[name] ?? (acts as Record<string, (...given: never[]) => unknown>)[name];
    if (!wanted) {
      throw new Error(`there is no ${name}`);
    }
    return { result: (await wanted(...(given as never[]))) ?? null };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
