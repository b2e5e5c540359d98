/** What all tests in the editor share: where things are, and a picture of what was on screen when one failed. */
import { test } from 'node:test';
import type { Window } from './window';

export const PYTHON = process.env['WHEREIN_PYTHON'] ?? 'python3';
export const SERVER = process.env['WHEREIN_SERVER'] ?? '';
export const VSIX = process.env['WHEREIN_VSIX'] ?? 'wherein.vsix';

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
