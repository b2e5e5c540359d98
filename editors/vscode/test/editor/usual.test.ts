/** A person's way through it: search, preview, jump, explain, cite, follow up, settings, crash. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before } from 'node:test';
import type { CodeServer } from './code_server';
import { Models } from './model';
import { git, repository } from './repository';
import { killServer, serverProcesses } from './servers';
import { ended, PYTHON, scene as play, SERVER, started } from './stage';
import { until } from './until';
import { Window } from './window';

const QUERY = 'where are progress reports sent to the client';

let code: CodeServer;
let models: Models;
let place: string;
let window: Window;

const settings = (): Record<string, unknown> => ({
  'wherein.server.path': SERVER,
  'wherein.llm.base_url': models.at['cited'],
});

before(async () => {
  place = repository('shop für #1 100%');
  models = await Models.start(PYTHON, 'cited', 'endless');
  code = await started({ settings: settings() });
  window = await Window.open(code.url({ folder: place }));
});

after(ended);

const ENDLESS = (): Record<string, unknown> => ({ 'wherein.llm.base_url': models.at['endless'], 'wherein.llm.max_tokens': 12_000 });

let changed = false;

/** Settings over the usual ones, and waits until a server has taken them over. */
async function set(given: Record<string, unknown>): Promise<void> {
  const before = serverProcesses(code.home);
  code.set({ ...settings(), ...given });
  changed = Object.keys(given).length > 0;
  await until('a server has the new settings', () => {
    const now = serverProcesses(code.home);
    return now.length === 1 && !before.includes(now[0]!);
  });
}

/** A scene; it leaves the settings as they were and nothing open over the window. */
function scene(name: string, done: (window: Window) => Promise<void>): void {
  play(name, () => window, async () => {
    await window.clear();
    try {
      await done(window);
    } finally {
      if (changed) {
        await set({});
      }
    }
  });
}

scene('a search finds as one types, shows the code it stands on, and opens it', async ({ page, row, rows, cursor }) => {
  await window.opened('Shift+Alt+S', async () => {
    await row('lang:').waitFor();
  });
  assert.match((await window.title.textContent()) ?? '', /wherein: Search Code/);
  await window.shot('search-empty');
  await page.keyboard.type(QUERY, { delay: 10 });
  await row('progress.py').waitFor();
  await until('indexing is over', async () => !(await window.title.textContent())?.includes('still indexing'));
  let line = '';
  let stays = 0;
  await until('the second result is shown before it is chosen, and stays', async () => {
    if (!(await rows.nth(1).getAttribute('class'))?.includes('focused')) {
      await page.keyboard.press('ArrowDown');
      stays = 0;
    }
    const now = /\.\w+:(\d+)/.exec((await rows.nth(1).textContent()) ?? '')?.[1] ?? ''; // the order may still change
    const shown = now === line && (await cursor.textContent({ timeout: 1_000 }))?.includes(`Ln ${line},`);
    stays = shown ? stays + 1 : 0;
    line = now;
    return stays === 10; // half a second and more: a whole search follows the first, and may fill the list anew
  });
  await window.shot('search-dark');
  await page.keyboard.press('Enter');
  await window.title.waitFor({ state: 'hidden' });
  assert.match((await cursor.textContent()) ?? '', new RegExp(`Ln ${line},`));
});

scene('Esc brings one back to where one was, and the next search begins where the last one ended', async ({ page, cursor, row, input }) => {
  await window.file('docs/commands.md', 20);
  await window.search('read the settings of a project');
  await row('config').waitFor();
  await until('another file is shown', async () => !(await cursor.textContent())?.includes('Ln 20,'));
  await page.keyboard.press('Escape');
  await cursor.filter({ hasText: 'Ln 20,' }).waitFor();
  await window.tab('commands.md').waitFor();
  await window.opened('Shift+Alt+S', async () => {
    await row('config').waitFor();
    assert.equal(await input.inputValue(), 'read the settings of a project');
  });
  await page.keyboard.type('x'); // takes the place of what is there
  await until('it is replaced', async () => (await input.inputValue()) === 'x');
  await input.fill('');
  await row(QUERY).waitFor(); // the last queries
  await window.shot('search-history');
  await page.keyboard.press('Escape');
});

scene('filters are gone on with and kept to; Alt+Right opens to the side', async ({ page, row, rows, input }) => {
  await window.search('progress lang:mark');
  await row('lang:markdown').waitFor();
  await window.shot('search-filter');
  await page.keyboard.press('Enter');
  await until('the filter is typed on', async () => (await input.inputValue()) === 'progress lang:markdown ');
  await row('.md:').waitFor();
  await until('only Markdown is there', async () => {
    const all = await rows.allTextContents();
    return all.length > 0 && all.every((each) => !each.includes('.py:'));
  });
  await page.keyboard.press('Alt+c');
  await until('its place is copied', async () => /^\S+\.md:\d+$/.test(await page.evaluate(() => navigator.clipboard.readText())));
  const groups = await page.locator('.editor-group-container').count();
  await page.keyboard.press('Alt+ArrowRight');
  await until('there is a group more', async () => (await page.locator('.editor-group-container').count()) > groups);
  await window.command('View: Close Editor Group');
});

scene('an explanation is streamed as text, its citations jump, and nothing in it lives', async ({ page, cursor }) => {
  await window.file('lsp/progress.py', 48);
  await page.keyboard.press('Shift+Alt+E');
  const panel = window.panel();
  await panel.locator('article[data-state="done"]').waitFor();
  const text = (await panel.locator('.answer').textContent()) ?? '';
  for (const said of ['How it works', '<img src=x onerror=alert(1)>', '<script>alert(2)</script>', 'a link', 'raise Retry()']) {
    assert.ok(text.includes(said), `${said} in ${text}`);
  }
  assert.equal(await panel.locator('.answer :is(a, img, script, iframe, style, svg)').count(), 0);
  assert.match((await panel.locator('.sources').textContent()) ?? '', /\[1\] server\/wherein_server\/.*:\d+/);
  await until('the answer is in sight, and not the end of its sources', () => panel.locator('.answer h3').first().isVisible());
  assert.ok(await panel.locator('.answer').evaluate((answer) => answer.getBoundingClientRect().top >= 0));
  await window.shot('explain-dark');
  const cited = (await panel.locator('.sources button').nth(1).textContent()) ?? '';
  await panel.locator('.answer button.cite[data-n="2"]').click();
  await cursor.filter({ hasText: `Ln ${/:(\d+)$/.exec(cited)?.[1]},` }).waitFor();
  await window.tab(path.basename(cited).replace(/:\d+$/, '')).waitFor();
  await window.shot('citation');
  assert.deepEqual(window.asked.filter((address) => address.includes('example.invalid')), []);
});

scene('a follow-up is asked in the panel, and an answer is copied with its sources', async ({ page }) => {
  const panel = window.panel();
  await panel.locator('#question').fill('And when does it stop?');
  await panel.locator('#ask').click();
  await panel.locator('article[data-state="done"] h2', { hasText: 'And when does it stop?' }).waitFor();
  await panel.locator('article').last().getByText('Copy', { exact: true }).click();
  await until('it is copied', async () => {
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    return copied.includes('How it works') && /\n\[1\] \S+:\d+\n/.test(copied);
  });
  await panel.locator('article').last().getByText('Show Prompt', { exact: true }).click();
  await panel.locator('article').last().locator('.prompt', { hasText: '── user ──' }).waitFor();
});

scene('a changed setting counts at once; an answer that does not end is stopped, at the model too', async () => {
  await set(ENDLESS());
  const panel = window.panel();
  const endless = panel.locator('article', { hasText: 'Does it ever end?' });
  await until('the other model answers', async () => {
    await panel.locator('#question').fill('Does it ever end?');
    await panel.locator('#ask').click();
    await endless.last().locator('.answer:has-text("and so on"), .answer:has-text("How it works"), .problem').waitFor();
    return ((await endless.last().textContent()) ?? '').includes('and so on');
  });
  await window.shot('streaming');
  await endless.last().getByText('Stop', { exact: true }).click();
  await endless.last().locator('.problem', { hasText: 'Stopped.' }).waitFor();
  await until('the model is free', async () => (await models.busy('endless')) === 0);
});

scene('a question is carried over where a changed setting has the server started anew', async () => {
  await set({ ...ENDLESS(), 'wherein.llm.idle_timeout': 600 });
  const panel = window.panel();
  await panel.locator('#question').fill('And in between?');
  await panel.locator('#ask').click();
  const turn = panel.locator('article', { hasText: 'And in between?' });
  await turn.and(panel.locator('[data-state="streaming"]')).waitFor();
  models.pause('endless');
  await set({});
  models.resume('endless');
  await turn.and(panel.locator('[data-state="done"]')).locator('.answer', { hasText: 'How it works' }).waitFor();
});

scene('a server that is killed in the middle of an answer is told, and started again', async ({ page }) => {
  await set(ENDLESS());
  const panel = window.panel();
  await panel.locator('#question').fill('And when it is killed?');
  await panel.locator('#ask').click();
  const turn = panel.locator('article', { hasText: 'And when it is killed?' });
  await turn.locator('.answer', { hasText: 'and so on' }).waitFor();
  const before = serverProcesses(code.home);
  assert.equal(before.length, 1);
  killServer(code.home);
  await turn.locator('.problem', { hasText: 'stopped in the middle of an answer' }).waitFor();
  await until('another one runs', () => serverProcesses(code.home).some((pid) => !before.includes(pid)));
  await window.shot('killed');
  await window.search(QUERY);
  await window.row('progress.py').waitFor();
  await page.keyboard.press('Escape');
  await panel.locator('#ask').waitFor(); // what was found was shown beside it
});

scene('an endpoint that is away is told with what helps', async () => {
  await set({ 'wherein.llm.base_url': 'http://127.0.0.1:9/v1' });
  const panel = window.panel();
  const turn = panel.locator('article', { hasText: 'Is anybody there?' });
  await until('nobody answers', async () => {
    await panel.locator('#question').fill('Is anybody there?');
    await panel.locator('#ask').click();
    await turn.last().locator('footer .ways').waitFor();
    return (await turn.last().getByText('Open Settings').count()) > 0;
  });
  await turn.last().getByText('How It Works').waitFor();
  await window.shot('endpoint-away');
  await window.command('View: Close All Editors');
});

scene('searches stay in the side bar; symbols by meaning, similar code and the status are lists', async ({ page, row }) => {
  await page.locator('.activitybar a[aria-label="wherein"]').click();
  const tree = page.locator('.pane-body .monaco-list[aria-label*="Searches"]');
  await tree.locator('.monaco-list-row', { hasText: 'read the settings of a project' }).waitFor();
  await window.shot('results');
  await window.command('wherein: Go to Symbol by Meaning');
  await window.title.filter({ hasText: 'Go to Symbol by Meaning' }).waitFor();
  await window.input.fill('moves the progress bar');
  await row('_move_bar').waitFor();
  await window.shot('symbols');
  await page.keyboard.press('Escape');
  await window.file('lsp/progress.py', 48);
  await page.keyboard.press('Shift+Alt+L');
  await window.title.filter({ hasText: 'Similar Code' }).waitFor();
  await window.shot('similar');
  await page.keyboard.press('Escape');
  await until('the status is shown', async () => {
    await window.command('wherein: Show Status');
    await row('Restart the server').waitFor({ timeout: 15_000 });
    return true;
  });
  await window.shot('status');
  await page.keyboard.press('Escape');
});

scene('code actions of the server open the list and the panel, not a file', async ({ page }) => {
  await window.file('lsp/progress.py', 48);
  await page.keyboard.press('Control+.');
  await page.locator('.action-widget', { hasText: 'Find similar code' }).waitFor();
  await page.keyboard.type('Find similar');
  await page.locator('.action-widget .focused', { hasText: 'Find similar code' }).waitFor();
  await page.keyboard.press('Enter');
  await window.title.filter({ hasText: 'Similar Code' }).waitFor();
  assert.equal(await window.tab('similar-code').count(), 0);
  await page.keyboard.press('Escape');
});

scene('what changed on a branch is a list', async ({ page, row }) => {
  git(place, 'checkout', '-qb', 'feature');
  fs.appendFileSync(path.join(place, 'server/wherein_server/lsp/progress.py'), '\n\ndef told_to_nobody() -> None:\n    return None\n');
  await until('it is listed', async () => {
    await window.command('wherein: What Changed Here');
    await row('told_to_nobody').waitFor({ timeout: 15_000 });
    return true;
  });
  await window.shot('changed');
  await page.keyboard.press('Escape');
});

scene('it looks as well in a light theme', async ({ page }) => {
  await window.command('View: Close All Editors');
  await window.command('Preferences: Toggle between Light/Dark Themes');
  await page.locator('.monaco-workbench.vs').waitFor();
  await window.search(QUERY);
  await window.row('progress.py').waitFor();
  await page.locator('.editor-instance .view-line').first().waitFor();
  await window.shot('search-light');
  await page.keyboard.press('Escape');
  await window.file('lsp/progress.py', 48);
  await page.keyboard.press('Shift+Alt+E');
  await window.panel().locator('article[data-state="done"]').waitFor();
  await window.shot('explain-light');
});
