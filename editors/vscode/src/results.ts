/** The view in the side bar: the last searches, each with what it found. */
import * as vscode from 'vscode';
import type { Found, Hit } from './protocol';
import { iconOf } from './search/kinds';
import { copyPlace, open, placeOfHit } from './search/places';
import { codeOf, fileFirst, nameOf, placeOf } from './search/words';

const KEPT = 15;

interface Search {
  query: string;
  hits: Hit[];
  /** whether the query can be asked again */
  inWords: boolean;
}

type Node = { search: Search } | { hit: Hit; of: Search };

export class Results implements vscode.TreeDataProvider<Node> {
  private searches: Search[] = [];
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;

  add(query: string, found: Found, inWords: boolean): void {
    const others = this.searches.filter((search) => search.query !== query);
    this.set([{ query, hits: found.results, inWords }, ...others].slice(0, KEPT));
  }

  clear(): void {
    this.set([]);
  }

  remove(node: Node): void {
    if ('hit' in node) {
      node.of.hits = node.of.hits.filter((hit) => hit !== node.hit);
      this.set(this.searches);
    } else {
      this.set(this.searches.filter((search) => search !== node.search));
    }
  }

  async again(node: Node): Promise<void> {
    if ('search' in node) {
      await vscode.commands.executeCommand('wherein.searchCode', node.search.query);
    }
  }

  async side(node: Node): Promise<void> {
    if ('hit' in node) {
      await open(placeOfHit(node.hit), { viewColumn: vscode.ViewColumn.Beside });
    }
  }

  async copy(node: Node): Promise<void> {
    await ('hit' in node && copyPlace(node.hit));
  }

  getChildren(node?: Node): Node[] {
    if (!node) {
      return this.searches.map((search) => ({ search }));
    }
    return 'search' in node ? node.search.hits.map((hit) => ({ hit, of: node.search })) : [];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return 'hit' in node ? hitItem(node.hit) : searchItem(node.search, node.search === this.searches[0]);
  }

  private set(searches: Search[]): void {
    this.searches = searches;
    void vscode.commands.executeCommand('setContext', 'wherein.hasResults', searches.length > 0);
    this.changed.fire();
  }
}

function searchItem(search: Search, latest: boolean): vscode.TreeItem {
  const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(search.query, latest ? Expanded : Collapsed);
  item.description = `${search.hits.length}`;
  item.iconPath = new vscode.ThemeIcon(search.inWords ? 'search' : 'references');
  item.contextValue = search.inWords ? 'search' : 'found';
  return item;
}

function hitItem(hit: Hit): vscode.TreeItem {
  const item = new vscode.TreeItem(nameOf(hit));
  item.description = fileFirst(hit);
  item.tooltip = `${placeOf(hit)}\n${codeOf(hit)}`;
  item.iconPath = new vscode.ThemeIcon(iconOf(hit.kind));
  item.contextValue = 'hit';
  item.command = { command: 'wherein.results.open', title: 'Open', arguments: [hit] };
  return item;
}
