/** Which buttons help against what the server answers. */
import * as vscode from 'vscode';
import { inWords, wantsFolder, withRemedy } from './in_words';
import { Code } from './protocol';
import { button, openStart, settingButton, showLog, Trouble, type Action } from './trouble';

interface Failure {
  code: number;
  message: string;
  data?: { kind?: string; remedy?: string };
}

/** A failed request as trouble; undefined where it was cancelled. */
export function troubleOf(error: unknown): Trouble | undefined {
  if (error instanceof Trouble) {
    return error;
  }
  if (error instanceof vscode.CancellationError || isFailure(error, Code.Cancelled)) {
    return undefined;
  }
  if (isFailure(error)) {
    return new Trouble(sentence(error), actions(error));
  }
  const said = error instanceof Error ? error.message : String(error);
  return new Trouble(`wherein: something went wrong that should not have: ${said}`, [showLog], 'error');
}

function isFailure(error: unknown, code?: number): error is Failure {
  const given = error as Partial<Failure> | null;
  return (
    typeof given === 'object' &&
    typeof given?.code === 'number' &&
    typeof given.message === 'string' &&
    (code === undefined || given.code === code)
  );
}

/** What the server says that helps. */
export function remedyOf(error: unknown): string {
  return isFailure(error) ? (error.data?.remedy ?? '') : '';
}

/** What is said; with what helps in words where no button does it. */
function sentence(failure: Failure): string {
  return `wherein: ${withRemedy(failure.message, saysHow(failure) ? remedyOf(failure) : '')}`;
}

function saysHow(failure: Failure): boolean {
  return inWords(failure.code, remedyOf(failure));
}

function actions(failure: Failure): Action[] {
  const kind = failure.data?.kind ?? '';
  switch (failure.code as Code) {
    case Code.Index:
      if (!vscode.workspace.workspaceFolders?.length) {
        return [openFolder];
      }
      if (kind === 'IndexIncompatible') {
        return [button('Rebuild the Index', 'wherein.rebuildIndex')];
      }
      return [button(kind === 'NotAgreed' ? 'Index This Folder' : 'Index Now', 'wherein.reindexNow')];
    case Code.Store:
      return [settingButton('store'), button('Show Status', 'wherein.showStatus')];
    case Code.Endpoint:
      return [settingButton('llm.base_url'), openStart];
    case Code.Arguments:
      if (wantsFolder(remedyOf(failure))) {
        return [openFolder];
      }
      return saysHow(failure) ? [] : [button('Search Code', 'wherein.searchCode')];
    default:
      return [showLog];
  }
}

export const openFolder: Action = {
  title: 'Open Folder',
  run: () => vscode.commands.executeCommand('workbench.action.addRootFolder'),
};

