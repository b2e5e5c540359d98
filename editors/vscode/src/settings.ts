/** What the server is told of the editor's settings: only what somebody has set, for its own files count as well. */
import * as vscode from 'vscode';
import { OWN_SETTINGS, PROJECT_SETTINGS } from './generated';

export const API_KEY = 'llm.api_key';
/** The name in the key store. */

/** Settings of the user alone, which no folder may choose. */
export function ownSettings(): Record<string, unknown> {
  const given = vscode.workspace.getConfiguration('wherein');
  return set(OWN_SETTINGS, (key) => given.inspect(key)?.globalValue);
}

/** Settings that a folder may choose. */
export function projectSettings(scope: vscode.Uri | undefined): Record<string, unknown> {
  const given = vscode.workspace.getConfiguration('wherein', scope);
  return set(PROJECT_SETTINGS, (key) => {
    const known = given.inspect(key);
    return known?.workspaceFolderValue ?? known?.workspaceValue ?? known?.globalValue;
  });
}

/** Whether the server has to start anew. */
export function needsRestart(event: vscode.ConfigurationChangeEvent): boolean {
  const own = ['server.path', 'server.package', ...OWN_SETTINGS];
  return own.some((key) => event.affectsConfiguration(`wherein.${key}`));
}

function set(keys: readonly string[], value: (key: string) => unknown): Record<string, unknown> {
  const found = keys.map((key): [string, unknown] => [key, value(key)]);
  return Object.fromEntries(found.filter(([, one]) => one !== undefined && one !== null));
}
