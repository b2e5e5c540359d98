/** A list that searches while somebody types: the one before is cancelled, the hit stood on is previewed. */
import * as vscode from 'vscode';
import { isIndexing, type Found, type Hit } from '../protocol';
import { troubleOf } from '../remedies';
import { suggestions } from './filters';
import { explain, hitItem, newer, noteItem, queryItems, similar, suggestionItems, toSide, troubleItems, type Item } from './items';
import { open, placeOfHit } from './places';
import { Preview } from './preview';
import { notesOf, titled } from './said';
import { placeOf } from './words';

const TYPING = 35;
/** Milliseconds of quiet after a letter before it is searched for: two letters of a fast typist are 60 apart. */

const RESTS = 400;
/** Milliseconds without a letter after which a whole search follows: it also looks whether files have changed. */

const INDEXING = 500;
/** Milliseconds after which a list that was filled from an index that grows is filled again. */

const SLOW = 300;
/** Milliseconds without an answer after which a list without results says that it waits: a server that starts takes longer. */

const SETTLES = 1_000;
/** Milliseconds that a list waits for what the one before gives back, and would be closed by. */

export type Stage = 'fast' | 'full';

export type Ask = (query: string, token: vscode.CancellationToken, stage: Stage) => Promise<Found>;

export interface Wanted {
  title: string;
  placeholder: string;
  ask: Ask;
  queries: () => readonly string[];
  /** a query whose results were looked at, with them */
  searched: (query: string, found: Found) => void;
  /** whether filters may be typed */
  filters: boolean;
  /** whether it lists all that there is where nothing is typed; else the last queries */
  whole?: boolean;
  /** what it was closed with by mistake; undefined where a result was chosen */
  closed?: (kept: Kept | undefined) => void;
}

interface Kept {
  query: string;
  found: Found;
  active: number;
}

let openList: List | undefined;
let closing: Promise<unknown> = Promise.resolve();

export class List {
  private readonly quick = vscode.window.createQuickPick<Item>();
  private readonly preview = new Preview();
  private source: vscode.CancellationTokenSource | undefined;
  private timer: NodeJS.Timeout | undefined;
  private waiting: NodeJS.Timeout | undefined;
  /** what the list shows */
  private found: Found | undefined;
  /** what was found since, while somebody goes through the list */
  private newer: Found | undefined;
  private query = '';
  /** what it shows for this query; empty before that is known */
  private form = '';
  /** whether somebody has moved through the list since the last letter */
  private moved = false;
  private chosen = false;

  private constructor(
    private readonly wanted: Wanted,
    private readonly over: () => void,
  ) {
    const quick = this.quick;
    quick.title = wanted.title;
    quick.placeholder = wanted.placeholder;
    quick.keepScrollPosition = false;
    // the order is the server's; the editor's own, by where the label matches, is no part of its API yet
    Object.assign(quick, { sortByLabel: false });
    quick.onDidChangeValue((value) => this.typed(value));
    quick.onDidChangeActive(([item]) => this.stoodOn(item));
    quick.onDidAccept(() => void this.accept(quick.activeItems[0], false));
    quick.onDidTriggerButton(() => this.showNewer());
    quick.onDidTriggerItemButton(({ item, button }) => void this.pressed(item, button));
    quick.onDidHide(() => void this.hidden());
  }

  /** Shows a list, with what was kept as it was when it was closed, until it is closed again. */
  static async show(wanted: Wanted, initial: () => string | Kept): Promise<void> {
    await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, SETTLES))]);
    closing = new Promise<void>((resolve) => {
      const list = new List(wanted, resolve);
      openList = list;
      void vscode.commands.executeCommand('setContext', 'wherein.listOpen', true);
      list.begin(initial());
    });
    await closing;
  }

  /** What the key for the side does. */
  static openActiveToSide(): void {
    void openList?.accept(openList.quick.activeItems[0], true);
  }

  /** What the key for copying is about. */
  static get activeHit(): Hit | undefined {
    return openList?.quick.activeItems[0]?.hit;
  }

  private begin(initial: string | Kept): void {
    const quick = this.quick;
    if (typeof initial === 'string') {
      quick.value = initial;
      this.typed(initial);
    } else {
      quick.value = this.query = initial.query;
      this.fill(initial.found);
      const active = quick.items.filter((item) => item.hit)[initial.active];
      quick.activeItems = active ? [active] : [];
      Object.assign(quick, { valueSelection: [0, initial.query.length] }); // what is typed next takes its place
      this.stoodOn(active); // the editor does not tell what it stands on from the start
    }
    quick.show();
  }

  private typed(value: string): void {
    clearTimeout(this.timer);
    this.source?.cancel();
    this.query = value.trim();
    this.form = '';
    this.moved = false;
    this.newer = undefined;
    this.quick.buttons = [];
    if (!this.query && !this.wanted.whole) {
      this.found = undefined;
      this.answered();
      this.quick.title = this.wanted.title;
      this.quick.busy = false;
      this.quick.items = queryItems(this.wanted.queries()).filter((item) => this.wanted.filters || item.label.indexOf(':') < 0);
      return;
    }
    this.quick.busy = true;
    this.timer = setTimeout(() => void this.search(value), TYPING);
    if (!this.found) {
      this.waiting ??= setTimeout(() => this.replace([...this.suggested(this.query), noteItem('Searching …')]), SLOW);
    }
  }

  private answered(): void {
    clearTimeout(this.waiting);
    this.waiting = undefined;
  }

  private async search(value: string, stage: Stage = 'fast'): Promise<void> {
    const source = (this.source = new vscode.CancellationTokenSource());
    try {
      const found = await this.wanted.ask(value.trim(), source.token, stage);
      if (!source.token.isCancellationRequested) {
        this.answered();
        this.offer(found, value);
        if (stage === 'fast' || isIndexing(found)) {
          this.timer = setTimeout(() => void this.search(value, 'full'), stage === 'fast' ? RESTS : INDEXING);
        }
      }
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble && !source.token.isCancellationRequested) {
        this.answered();
        this.found = undefined;
        this.quick.items = [...this.suggested(value), ...troubleItems(trouble)];
      }
    } finally {
      if (source === this.source) {
        this.quick.busy = false;
      }
      source.dispose();
    }
  }

  /** Fills the list, but for who has gone to another result already: what he reads stays, and a button shows what is newer. */
  private offer(found: Found, value: string): void {
    if (!this.moved || !this.form || !this.found?.results.length) {
      return this.fill(found, value);
    }
    const same = JSON.stringify(found.results.map(placeOf)) === JSON.stringify(this.found.results.map(placeOf));
    this.newer = same ? undefined : found;
    this.quick.title = titled(this.wanted.title, found);
    this.quick.buttons = same ? [] : [newer];
  }

  private fill(found: Found, value = this.query): void {
    this.found = found;
    this.newer = undefined;
    this.quick.buttons = [];
    const several = new Set(found.results.map((hit) => hit.repository)).size > 1;
    const hits = found.results.map((hit) => hitItem(hit, several));
    this.quick.title = titled(this.wanted.title, found);
    this.replace([...this.suggested(value), ...hits, ...notesOf(found).map(noteItem)]);
  }

  /** Who stands on an item stays on it, and a list that is the same is not drawn again. */
  private replace(items: Item[]): void {
    const form = JSON.stringify(items);
    if (form === this.form) {
      return;
    }
    this.form = form;
    const on = this.moved ? this.quick.activeItems[0]?.hit : undefined;
    this.quick.items = items;
    const same = on && items.find((item) => item.hit && placeOf(item.hit) === placeOf(on));
    if (same) {
      this.quick.activeItems = [same];
    }
  }

  private showNewer(): void {
    if (this.newer) {
      this.fill(this.newer);
    }
  }

  private suggested(value: string): Item[] {
    return this.wanted.filters ? suggestionItems(suggestions(value)) : [];
  }

  private stoodOn(item: Item | undefined): void {
    const wanted = vscode.workspace.getConfiguration('wherein').get<boolean>('list.preview', true);
    this.moved = this.moved || (item !== undefined && item !== this.quick.items[0]);
    if (item?.hit && wanted && !this.chosen) {
      this.preview.show(placeOfHit(item.hit));
    }
  }

  private async pressed(item: Item, button: vscode.QuickInputButton): Promise<void> {
    if (button === toSide) {
      await this.accept(item, true);
    } else if (item.hit && (button === explain || button === similar)) {
      const { uri, range } = item.hit.location;
      await this.close(item.hit);
      const command = button === explain ? 'wherein.explainThis' : 'wherein.findSimilar';
      await vscode.commands.executeCommand(command, { uri, position: (item.hit.matches[0] ?? range).start });
    }
  }

  private async accept(item: Item | undefined, side: boolean): Promise<void> {
    if (item?.query !== undefined) {
      this.quick.value = item.query;
      this.typed(item.query);
    } else if (item?.action) {
      await this.close(undefined);
      await item.action.run();
    } else if (item?.hit) {
      await this.close(item.hit); // a preview on its way would come after it
      try {
        await open(placeOfHit(item.hit), { preview: false, ...(side ? { viewColumn: vscode.ViewColumn.Beside } : {}) });
        if (!side) {
          await this.preview.closeShown(); // others', that is: the chosen one's is no preview any more
        }
      } catch (error) {
        const trouble = troubleOf(error);
        void vscode.window.showWarningMessage(trouble?.message ?? String(error));
      }
    }
  }

  private close(hit: Hit | undefined): Promise<void> {
    this.chosen = true;
    const settled = this.preview.keep();
    if (hit && this.found) {
      this.wanted.searched(this.query, this.found);
    }
    this.quick.hide();
    return settled;
  }

  private async hidden(): Promise<void> {
    openList = undefined;
    void vscode.commands.executeCommand('setContext', 'wherein.listOpen', false);
    clearTimeout(this.timer);
    this.answered();
    this.source?.cancel();
    const active = this.quick.items.filter((item) => item.hit).indexOf(this.quick.activeItems[0] ?? { label: '' });
    this.quick.dispose();
    const found = this.found;
    const kept = !this.chosen && found?.results.length ? { query: this.query, found, active } : undefined;
    this.wanted.closed?.(kept);
    if (kept) {
      this.wanted.searched(kept.query, kept.found);
    }
    try {
      await (this.chosen ? undefined : this.preview.undo());
    } finally {
      this.over();
    }
  }
}

export type { Kept };
