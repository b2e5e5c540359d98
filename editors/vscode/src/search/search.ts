/** The commands that show a list: search, symbols by meaning, similar code, callers and callees. */
import * as vscode from 'vscode';
import { isIndexing, type Found, type FoundCalls } from '../protocol';
import type { Connection } from '../server/connection';
import { openFolder } from '../remedies';
import { here, textHere, type Target } from '../target';
import { Trouble } from '../trouble';
import { History } from './history';
import { asked } from './indexing';
import { List, type Ask, type Kept, type Wanted } from './list';
import { DEFINITIONS } from './definitions';

export class Searches {
  private readonly history: History;
  private kept: Kept | undefined;
  private readonly done = new vscode.EventEmitter<{ query: string; found: Found; inWords: boolean }>();
  readonly onSearched = this.done.event;

  constructor(
    private readonly connection: Connection,
    memory: vscode.Memento,
  ) {
    this.history = new History(memory);
  }

  /** Searches as one types; what was closed by mistake is there again. */
  async search(query?: string): Promise<void> {
    this.connection.program(); // without one there is nothing to type for
    if (!vscode.workspace.workspaceFolders?.length) {
      throw new Trouble('No folder is open, so there is nothing to search.', [openFolder]);
    }
    await List.show(
      {
        ...this.common,
        title: 'wherein: Search Code',
        placeholder: 'What the code does, or a name; lang: path: kind: narrow it down',
        ask: this.ask,
        closed: (kept) => (this.kept = kept),
      },
      () => query ?? this.kept ?? '',
    );
  }

  async resume(): Promise<void> {
    await this.search(this.kept ? undefined : (this.history.all[0] ?? ''));
  }

  async selection(): Promise<void> {
    await this.search(textHere());
  }

  /** Definitions by name and, after them, by what they do. */
  async symbol(): Promise<void> {
    const ask: Ask = async (query, token, stage) => {
      const limit = this.limit;
      const [named, meant] = await Promise.all([
        this.connection.request<Found>('wherein/symbol', { name: query, limit }, token),
        this.connection.request<Found>('wherein/search', { query, limit, kinds: DEFINITIONS, stage }, token),
      ]);
      const places = new Set<string>();
      const results = [...named.results, ...meant.results].filter((hit) => {
        const place = `${hit.location.uri} ${hit.location.range.start.line}`;
        return !places.has(place) && places.add(place);
      });
      return { ...meant, results: results.slice(0, limit) };
    };
    const placeholder = 'A name as you remember it, or what the function or class does';
    await List.show({ ...this.common, title: 'wherein: Go to Symbol by Meaning', placeholder, ask, filters: false }, () => '');
  }

  async similar(target?: Target): Promise<void> {
    const at = target ?? here('find code like this');
    const place = `${vscode.workspace.asRelativePath(vscode.Uri.parse(at.uri))}:${at.position.line + 1}`;
    const ask = (token: vscode.CancellationToken): Promise<Found> => this.connection.request<Found>('wherein/related', { ...at, limit: this.limit }, token);
    await this.once('Finding similar code', ask, () => `Similar Code · ${place}`);
  }

  /** Who calls what the cursor is on. */
  async callers(target?: Target): Promise<void> {
    const at = target ?? here('find its callers');
    const ask = (token: vscode.CancellationToken): Promise<FoundCalls> => this.connection.request<FoundCalls>('wherein/callers', at, token);
    await this.once('Finding callers', ask, (found) => `Callers of ${found.target}`);
  }

  /** What is called by what the cursor is on. */
  async callees(target?: Target): Promise<void> {
    const at = target ?? here('find what it calls');
    const ask = (token: vscode.CancellationToken): Promise<FoundCalls> => this.connection.request<FoundCalls>('wherein/callees', at, token);
    await this.once('Finding what it calls', ask, (found) => `Called by ${found.target}`);
  }

  /** What is found at once, in a list that letters narrow down; it is asked again while more is being indexed. */
  private async once<T extends Found>(doing: string, ask: (token: vscode.CancellationToken) => Promise<T>, titleOf: (found: T) => string): Promise<void> {
    const first = await asked(doing, ask);
    if (!first) {
      return;
    }
    const title = titleOf(first);
    if (!first.results.length) {
      const said = [...(first.left_out ?? []), ...(first.notes ?? [])].join(' ');
      throw new Trouble(said || `${title}: nothing found.`, [], 'info');
    }
    let found = first;
    const narrowed: Ask = async (query, token, stage) => {
      found = stage === 'full' && isIndexing(found) ? await ask(token) : found;
      return { ...found, results: found.results.filter((hit) => holds(hit, query)) };
    };
    const wanted = { ...this.common, title: `wherein: ${title}`, placeholder: 'Letters of a name or a path', ask: narrowed };
    const searched = (): void => this.done.fire({ query: title, found, inWords: false });
    await List.show({ ...wanted, searched, filters: false, whole: true }, () => ({ query: '', found, active: 0 }));
  }

  private readonly ask: Ask = (query, token, stage) =>
    this.connection.request<Found>('wherein/search', { query, limit: this.limit, stage }, token);

  private get limit(): number {
    return vscode.workspace.getConfiguration('wherein').get<number>('list.limit', 20);
  }

  private get common(): Omit<Wanted, 'title' | 'placeholder' | 'ask'> {
    return {
      queries: () => this.history.all,
      searched: (query, found) => {
        this.history.add(query);
        this.done.fire({ query, found, inWords: true });
      },
      filters: true,
    };
  }
}

function holds(hit: { qualified_name: string; path: string; title: string }, letters: string): boolean {
  const text = `${hit.qualified_name} ${hit.path} ${hit.title}`.toLowerCase();
  return letters
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
