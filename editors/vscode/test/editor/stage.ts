/** What all tests in the editor share: where things are, an editor that runs and ends, and a picture of what was on screen
 * when one failed. */
import { test } from 'node:test';
import { endAll } from './children';
import { CodeServer, type Given } from './code_server';
import { closeBrowser, type Window } from './window';

export const PYTHON = process.env['WHEREIN_PYTHON'] ?? 'python3';
export const SERVER = process.env['WHEREIN_SERVER'] ?? '';
const VSIX = process.env['WHEREIN_VSIX'] ?? 'wherein.vsix';

/** An editor that runs, with the extension. */
export async function started(given: Given): Promise<CodeServer> {
  const code = new CodeServer(given);
  code.install(VSIX);
  await code.start();
  return code;
}

/** For the end, whatever has happened. */
export async function ended(): Promise<void> {
  await closeBrowser();
  await endAll();
}

let failed = false;

export const LONGEST = 400_000;
/** Milliseconds that a scene may take. */

export function scene(name: string, window: () => Window | undefined, play: () => Promise<void>): void {
  test(name, { timeout: LONGEST }, async () => {
    if (failed && process.env['WHEREIN_BAIL']) {
      throw new Error('another one failed before');
    }
    try {
      await play();
    } catch (error) {
      failed = true;
      await window()?.shot(`failed-${name.replace(/\W+/g, '-').slice(0, 60)}`);
      throw error;
    }
  });
}
