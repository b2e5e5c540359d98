/** One window of VS Code in a headless Chromium, driven as a person would. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { chromium, type BrowserContext, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { folder } from './children';
import { PATIENCE, until } from './until';

export const SHOTS = path.resolve(process.env['WHEREIN_SHOTS'] ?? 'shots');

const CHROMIUM = process.env['WHEREIN_CHROMIUM'] ?? '/usr/bin/chromium';
const SOON = 15_000;
/** Milliseconds after which a list that is not there was closed again. */
const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

let browser: BrowserContext | undefined;

async function opened(): Promise<BrowserContext> {
  browser ??= await chromium.launchPersistentContext(folder('chromium'), {
    executablePath: CHROMIUM,
    headless: true,
    viewport: { width: 1280, height: 800 },
    args: [...QUIET, '--disable-component-update', '--disable-sync'],
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  return browser;
}

export async function closeBrowser(): Promise<void> {
  await browser?.close();
  browser = undefined;
}

export class Window {
  /** addresses that anything asked for */
  readonly asked: string[] = [];

  private constructor(readonly page: Page) {
    page.setDefaultTimeout(PATIENCE);
    page.on('request', (request) => {
      this.asked.push(request.url());
    });
  }

  static async open(url: string): Promise<Window> {
    const page = await (await opened()).newPage();
    const made = new Window(page);
    await page.goto(url);
    await page.locator('.monaco-workbench').waitFor();
    await made.statusBar.waitFor();
    return made;
  }

  async close(): Promise<void> {
    await this.page.close();
  }

  get statusBar(): Locator {
    return this.page.locator('.statusbar-item[id="wherein.wherein.wherein"], .statusbar-item[id*="wherein"]').first();
  }

  get input(): Locator {
    return this.page.locator('.quick-input-widget:visible input[type="text"], .quick-input-widget:visible input[type="password"]').first();
  }

  get rows(): Locator {
    return this.page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row');
  }

  readonly row = (text: string | RegExp): Locator => this.rows.filter({ hasText: text }).first();

  get title(): Locator {
    return this.page.locator('.quick-input-widget:visible .quick-input-title');
  }

  /** Closes lists, menus and notes that lie over the window. */
  async clear(): Promise<void> {
    const over = this.page.locator('.quick-input-widget:visible, .context-view-pointerBlock:visible');
    await until('nothing lies over the window', async () => {
      if ((await over.count()) === 0) {
        return true;
      }
      await this.page.keyboard.press('Escape');
      return false;
    });
    if (await this.page.locator('.notification-toast:visible').count()) {
      await this.command('Notifications: Clear All Notifications');
    }
  }

  note(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast', { hasText: text }).first();
  }

  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  panel(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  }

  get cursor(): Locator {
    return this.page.locator('.statusbar-item[id="status.editor.selection"]');
  }

  tab(text: string | RegExp): Locator {
    return this.page.locator('.tabs-container .tab', { hasText: text }).first();
  }

  async command(name: string): Promise<void> {
    await this.opened('F1', async () => {
      await this.input.fill(`>${name}`, { timeout: SOON });
      await this.row(name).click({ timeout: SOON }); // not Enter: the list may still be sorted
    });
  }

  /** Opens a file by its path. */
  async file(name: string, line = 1): Promise<void> {
    const [base, place] = [path.basename(name), path.dirname(name)];
    await this.opened('Control+P', async () => {
      await this.input.fill(`${name}:${line}`, { timeout: SOON });
      await this.rows.filter({ hasText: base }).filter({ hasText: place }).first().click({ timeout: SOON });
      await this.tab(base).waitFor({ timeout: SOON });
      await this.cursor.filter({ hasText: `Ln ${line},` }).waitFor({ timeout: SOON });
    });
  }

  /** Opens the list that a key opens and does something in it; again where the list was closed under it, as a busy
   * editor does that gives the focus to something else late. */
  async opened(key: string, then: () => Promise<void>): Promise<void> {
    await until(`${key} opens its list`, async () => {
      if (await this.input.isVisible()) {
        await this.page.keyboard.press('Escape');
        await this.input.waitFor({ state: 'hidden', timeout: SOON });
      }
      await this.page.keyboard.press(key);
      await this.input.waitFor({ timeout: SOON });
      await then();
      return true;
    });
  }

  /** Types a query into the list of "Search Code". */
  async search(query: string): Promise<void> {
    await this.opened('Shift+Alt+S', async () => {
      await this.input.fill('');
      await this.page.keyboard.type(query, { delay: 10 });
      assert.equal(await this.input.inputValue(), query);
    });
  }

  async shot(name: string): Promise<void> {
    fs.mkdirSync(SHOTS, { recursive: true });
    await this.page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
  }
}
