/** The pictures of the READMEs, from a real VS Code: the list and an explanation in the dark and in the light, and the frames
 * of a search. They lie in shots/pictures; scripts/editor_pictures.py makes the files of them that are shown. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Models } from './model';
import { repository } from './repository';
import { ended, PYTHON, SERVER, started } from './stage';
import { until } from './until';
import { SHOTS, Window } from './window';

const SIZE = { width: 1000, height: 620 };

const NOWHERE = [24, 430] as const;
/** Where the mouse lies over nothing that would tell of itself. */

const QUERY = 'how is a file cut into chunks';
const FILE = 'indexer/wherein/chunking/chunker.py';

const folder = path.join(SHOTS, 'pictures');
let frames = 0;

async function main(): Promise<void> {
  fs.rmSync(folder, { recursive: true, force: true });
  const models = await Models.start(PYTHON, 'shown');
  const settings = { 'wherein.server.path': SERVER, 'wherein.llm.base_url': models.at['shown'], 'wherein.llm.cache': false };
  const code = await started({ settings, editor: { 'editor.minimap.enabled': false, 'window.commandCenter': false } });
  const window = await Window.open(code.url({ folder: repository('wherein', ['indexer/wherein', 'docs']) }));
  await window.page.setViewportSize(SIZE);
  await window.file(FILE, 1);
  await window.command('View: Toggle Primary Side Bar Visibility');
  await window.command('wherein: Reindex');
  await window.statusBar.filter({ hasText: /wherein$/ }).and(window.page.locator('[aria-label*="up to date"]')).waitFor();
  await window.page.locator('.notification-toast').waitFor({ state: 'hidden' });
  await animated(window);
  for (const shade of ['dark', 'light']) {
    await still(window, shade);
    await window.command('Preferences: Toggle between Light/Dark Themes');
    await window.page.locator(`.monaco-workbench.vs${shade === 'dark' ? '' : '-dark'}`).waitFor();
  }
}

async function frame({ page }: Window): Promise<void> {
  frames += 1;
  await page.screenshot({ path: path.join(folder, `frame-${String(frames).padStart(2, '0')}.png`) });
}

/** A search from its first word to the code. */
async function animated(window: Window): Promise<void> {
  const { page, rows } = window;
  await window.clear();
  await frame(window);
  await page.keyboard.press('Shift+Alt+S');
  await window.row('lang:').waitFor();
  await frame(window);
  for (const word of QUERY.split(/(?<= )/)) {
    await page.keyboard.type(word);
    await window.row(/\.\w+:\d/).waitFor();
    await settled(window);
    await frame(window);
  }
  await page.keyboard.press('ArrowDown');
  await until('the second is stood on', async () => ((await rows.nth(1).getAttribute('class')) ?? '').includes('focused'));
  await settled(window);
  await frame(window);
  await page.keyboard.press('Enter');
  await window.title.waitFor({ state: 'hidden' });
  await settled(window);
  await frame(window);
}

async function still(window: Window, shade: string): Promise<void> {
  const { page } = window;
  await window.command('View: Close All Editors');
  await window.file(FILE, 1);
  await window.clear();
  await window.search(QUERY);
  await window.row(/\.\w+:\d/).waitFor();
  await settled(window);
  await page.screenshot({ path: path.join(folder, `search-${shade}.png`) });
  await page.keyboard.press('Enter');
  await window.title.waitFor({ state: 'hidden' });
  await page.keyboard.press('Shift+Alt+E');
  await window.panel().locator('article[data-state="done"]').waitFor();
  await window.panel().locator('h2').scrollIntoViewIfNeeded();
  await settled(window);
  await page.screenshot({ path: path.join(folder, `explain-${shade}.png`) });
}

/** Waits until the screen is as it was twice. */
async function settled({ page }: Window): Promise<void> {
  await page.mouse.move(...NOWHERE);
  let before: Buffer = Buffer.alloc(0);
  await until('the screen rests', async () => {
    await page.waitForTimeout(700); // the whole search comes after a rest
    const now = await page.screenshot({ caret: 'hide' });
    const same = now.equals(before);
    before = now;
    return same;
  });
}

try {
  await main();
} finally {
  await ended();
}
