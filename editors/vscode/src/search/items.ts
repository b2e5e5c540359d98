/** Hits, queries and hints as lines of a list. */
import * as vscode from 'vscode';
import { shortName } from '../known_as';
import type { Hit } from '../protocol';
import type { Action, Trouble } from '../trouble';
import { FILTERS, type Suggestion } from './filters';
import { iconOf } from './kinds';
import { asText, codeOf, fileFirst, nameOf } from './words';

export interface Item extends vscode.QuickPickItem {
  hit?: Hit;
  /** what is typed in its place when it is chosen */
  query?: string;
  action?: Action;
}

export const toSide: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('split-horizontal'),
  tooltip: 'Open to the Side (Alt+Right)',
};
export const similar: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('references'),
  tooltip: 'Find Similar Code',
};
export const explain: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('comment-discussion'),
  tooltip: 'Explain This',
};

export const newer: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('refresh'),
  tooltip: 'Show What Was Found Since',
};

export function hitItem(hit: Hit, several: boolean): Item {
  return {
    hit,
    label: asText(nameOf(hit)),
    description: asText(several ? `${fileFirst(hit)}  ${shortName(hit.repository)}` : fileFirst(hit)),
    detail: asText(codeOf(hit)),
    iconPath: new vscode.ThemeIcon(iconOf(hit.kind)),
    buttons: [similar, explain, toSide],
    alwaysShow: true,
  };
}

export function queryItems(queries: readonly string[]): Item[] {
  const last = queries.map((query) => ({
    label: asText(query),
    query,
    iconPath: new vscode.ThemeIcon('history'),
    alwaysShow: true,
  }));
  const hints = FILTERS.map(([filter, does]) => ({
    label: filter,
    description: does,
    query: filter,
    iconPath: new vscode.ThemeIcon('filter'),
    alwaysShow: true,
  }));
  return [...(last.length ? [separator('last queries')] : []), ...last, separator('filters'), ...hints];
}

export function suggestionItems(suggested: readonly Suggestion[]): Item[] {
  return suggested.map(({ filter, query }) => ({
    label: filter,
    query,
    iconPath: new vscode.ThemeIcon('filter'),
    alwaysShow: true,
  }));
}

/** What is wrong, with what helps as lines to choose. */
export function troubleItems(trouble: Trouble): Item[] {
  const [what = '', helpful] = trouble.message.replace(/^wherein: /, '').split(/ (?=Try: )/);
  const said: Item = { label: `$(warning) ${asText(what)}`, alwaysShow: true, ...(helpful ? { detail: asText(helpful) } : {}) };
  const helps = trouble.actions.map((action) => ({ label: `$(arrow-right) ${action.title}`, action, alwaysShow: true }));
  return [said, ...helps];
}

export function noteItem(note: string): Item {
  return { label: `$(info) ${asText(note)}`, alwaysShow: true };
}

function separator(label: string): Item {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
