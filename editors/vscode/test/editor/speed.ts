/** How long it takes from the last letter of a query to its results on screen, in a large repository, and to activate:
 * printed, as a median of 20, by `scripts/test-editors speed`. Worth something on a machine that does nothing else. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { folder } from './children';
import { git } from './repository';
import { ended, SERVER, started } from './stage';
import { until } from './until';
import { Window } from './window';

const CHUNKS = Number(process.env['WHEREIN_CHUNKS'] ?? 50_000);
const IN_A_FILE = 100;
const SAMPLES = 20;
const GOAL = 150;
/** Milliseconds. */

const RESTS = 600;
/** Milliseconds without a letter after which the whole search has come as well. */

const VERBS = ['charge', 'refund', 'parse', 'render', 'merge', 'split', 'send', 'fetch', 'close', 'open'];
const NOUNS = ['card', 'order', 'header', 'page', 'branch', 'window', 'letter', 'record', 'socket', 'door'];

async function main(): Promise<void> {
  const place = large();
  const code = await started({ settings: { 'wherein.server.path': SERVER, 'wherein.list.preview': false } });
  say(`indexing ${CHUNKS} functions`);
  execFileSync(SERVER, ['index', '--repo', place], { env: code.environment, stdio: 'pipe' });
  say('starting VS Code');
  const window = await Window.open(code.url({ folder: place }));
  await window.opened('Shift+Alt+S', async () => {
    await window.input.fill('charge card');
    await window.row('charge_card').waitFor();
  });
  await until('the index is known to be fresh', async () => !(await window.title.textContent())?.includes('still indexing'));
  const times: number[] = [];
  for (let at = 0; times.length < SAMPLES && at < 2 * SAMPLES; at += 1) {
    const number = String(1_000 + ((at * 2_377) % (CHUNKS - 1_000)));
    const time = await sample(window, number);
    if (time !== undefined) {
      times.push(time);
    }
    say(`${number}: ${time === undefined ? 'found before its last digit, or not at all' : `${Math.round(time)} ms`}`);
  }
  times.sort((one, other) => one - other);
  const median = times[Math.floor(times.length / 2)] ?? Infinity;
  const range = `${Math.round(times[0] ?? 0)} to ${Math.round(times.at(-1) ?? 0)}`;
  say(`last letter to results in ${CHUNKS} chunks: median ${Math.round(median)} ms of ${times.length}, ${range}; the goal is ${GOAL}`);
  say(`activation: ${code.logged(/activated in (\d+) ms/)[0] ?? 'not told'} ms`);
}

/** Milliseconds; undefined where the function was there before, or does not come. */
async function sample({ page, input }: Window, number: string): Promise<number | undefined> {
  await input.fill(`customer ${number.slice(0, -1)}`);
  let before = '';
  await until('its results are there', async () => {
    await page.waitForTimeout(RESTS);
    const now = await page.evaluate(shown);
    const same = now === before && now !== '';
    before = now;
    return same;
  });
  await page.evaluate(watchFor, `_${number}`);
  await page.keyboard.type(number.slice(-1));
  const time = await page.evaluate(() => (globalThis as unknown as Watching).whereinShown);
  return Number.isFinite(time) && time >= 0 ? time : undefined;
}

function large(): string {
  const made = folder('large');
  for (let file = 0; file * IN_A_FILE < CHUNKS; file += 1) {
    const functions = Array.from({ length: IN_A_FILE }, (_, at) => {
      const number = file * IN_A_FILE + at;
      const [verb, noun] = [VERBS[number % 10], NOUNS[Math.trunc(number / 10) % 10]];
      return `def ${verb}_${noun}_${number}(given):\n    """${verb} the ${noun} of customer ${number}."""\n    return given + ${number}\n`;
    });
    fs.mkdirSync(path.join(made, `part${file % 50}`), { recursive: true });
    fs.writeFileSync(path.join(made, `part${file % 50}`, `module${file}.py`), functions.join('\n\n'));
  }
  git(made, 'init', '-q');
  return made;
}

function say(text: string): void {
  console.log(text);
}

interface Watching {
  whereinShown: Promise<number>;
}

/** In the page: what the list shows. */
function shown(): string {
  return [...document.querySelectorAll('.quick-input-list .monaco-list-row')].map((each) => each.getAttribute('aria-label')).join('\n');
}

/** In the page: begins to take the time from the next key to a row with the text and no further digit; -1 where there is
 * one before, Infinity where none comes. */
function watchFor(text: string): void {
  const ends = new RegExp(`${text}(?!\\d)`);
  const isThere = (): boolean =>
    [...document.querySelectorAll('.quick-input-list .monaco-list-row')].some((each) => ends.test(each.getAttribute('aria-label') ?? ''));
  (globalThis as unknown as Watching).whereinShown = new Promise((resolve) => {
    if (isThere()) {
      return resolve(-1);
    }
    const pressed = (): void => {
      const begun = performance.now();
      const look = (): void => {
        const past = performance.now() - begun;
        if (isThere() || past > 10_000) {
          resolve(isThere() ? past : Infinity);
        } else {
          requestAnimationFrame(look);
        }
      };
      look();
    };
    document.addEventListener('keydown', pressed, { once: true, capture: true });
  });
}

try {
  await main();
} finally {
  await ended();
}
