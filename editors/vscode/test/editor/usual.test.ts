/** A person's way through it: search, preview, jump, explain, cite, follow up, settings, crash. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { endAll } from './children';
import { CodeServer } from './code_server';
import { Models } from './model';
import { repository } from './repository';
import { closeBrowser, Window } from './window';

const PYTHON = process.env['WHEREIN_PYTHON'] ?? 'python3';
const SERVER = process.env['WHEREIN_SERVER'] ?? '';
const VSIX = process.env['WHEREIN_VSIX'] ?? 'wherein.vsix';

let code: CodeServer;
let models: Models;
let place: string;
let window: Window;

before(async () => {
  place = repository('shop für #1 100%');
  models = await Models.start(PYTHON, 'cited', 'endless');
  code = new CodeServer({ settings: { 'wherein.server.path': SERVER, 'wherein.llm.base_url': models.at['cited'] } });
  code.install(VSIX);
  await code.start();
  window = await Window.open(code.url(place));
});

after(async () => {
  await closeBrowser();
  await models.stop();
  await endAll();
});

function scene(name: string, play: () => Promise<void>): void {
  test(name, { timeout: 280_000 }, async () => {
    try {
      await play();
    } catch (error) {
      await window.shot(`failed ${name.slice(0, 40)}`);
      throw error;
    }
  });
}

scene('a search finds as one types, shows the code it stands on, and opens it', async () => {
  const { page } = window;
  await page.keyboard.press('Shift+Alt+S');
  await window.title.filter({ hasText: 'wherein: Search Code' }).waitFor();
  await window.row('lang:').waitFor();
  await window.shot('search-empty');
  await page.keyboard.type('where are progress reports sent to the client', { delay: 20 });
  await window.row(/UpdateProgress/).waitFor();
  await window.shot('search');
  await page.locator('.editor-instance .view-line').first().waitFor();
  await window.shot('search-preview');
  const chosen = await window.rows.first().textContent();
  await page.keyboard.press('Enter');
  await window.shot('search-opened');
  assert.ok(chosen);
});
