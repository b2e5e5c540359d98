/** Whether what the server says that helps is shown: where no button does it. */
import { Code } from './protocol';

const TOLD = new Set<number>([Code.Arguments, Code.Endpoint, Code.Store]);

/** A server for language models, or a store's, can be set by a button, but only words tell to start it. */
export function inWords(code: number, remedy: string): boolean {
  return TOLD.has(code) && remedy !== '' && !wantsFolder(remedy);
}

/** A sentence with what helps. */
export function withRemedy(message: string, remedy: string): string {
  return remedy ? `${message} Try: ${remedy}` : message;
}

export function wantsFolder(remedy: string): boolean {
  return /\bfolder\b/.test(remedy);
}
