/** One window of VS Code in a headless Chromium, driven as a person would. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { chromium, type BrowserContext, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { folder } from './children';
import { PATIENCE } from './until';

export const SHOTS = path.resolve(process.env['WHEREIN_SHOTS'] ?? 'shots');

const CHROMIUM = process.env['WHEREIN_CHROMIUM'] ?? '/usr/bin/chromium';
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
  /** requests to other machines than this one */
  readonly outside: string[] = [];

  private constructor(readonly page: Page) {
    page.setDefaultTimeout(PATIENCE);
    page.on('request', (request) => {
      const { hostname, protocol } = new URL(request.url());
      if (/^https?:|^wss?:/.test(protocol) && hostname !== '127.0.0.1') {
        this.outside.push(request.url());
      }
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

  row(text: string | RegExp): Locator {
    return this.rows.filter({ hasText: text }).first();
  }

  get title(): Locator {
    return this.page.locator('.quick-input-widget:visible .quick-input-title');
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
    await this.page.keyboard.press('F1');
    await this.input.waitFor();
    await this.input.fill(`>${name}`);
    await this.row(name).waitFor();
    await this.page.keyboard.press('Enter');
  }

  /** Opens a file by its path. */
  async file(name: string, line = 1): Promise<void> {
    await this.page.keyboard.press('Control+P');
    await this.input.fill(name);
    await this.row(path.basename(name)).waitFor();
    await this.page.keyboard.press('Enter');
    await this.tab(path.basename(name)).waitFor();
    await this.page.keyboard.press('Control+G');
    await this.input.fill(`:${line}`);
    await this.page.keyboard.press('Enter');
    await this.cursor.filter({ hasText: `Ln ${line},` }).waitFor();
  }

  async theme(name: 'Default Dark Modern' | 'Default Light Modern'): Promise<void> {
    await this.command('Preferences: Color Theme');
    await this.input.fill(name.replace('Default ', ''));
    await this.row(name.replace('Default ', '')).waitFor();
    await this.page.keyboard.press('Enter');
    const kind = name.includes('Light') ? '.vs' : '.vs-dark';
    await this.page.locator(`.monaco-workbench${kind}`).waitFor();
  }

  async shot(name: string): Promise<void> {
    fs.mkdirSync(SHOTS, { recursive: true });
    await this.page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
  }
}
