/** Whether what the server says that helps is shown: where no button does it. */
import { Code } from './protocol';

/** A server for language models can be set by a button, but only words tell which one to start. */
export function inWords(code: number, remedy: string): boolean {
  const told = code === (Code.Arguments as number) || code === (Code.Endpoint as number);
  return told && remedy !== '' && !wantsFolder(remedy);
}

export function wantsFolder(remedy: string): boolean {
  return /\bfolder\b/.test(remedy);
}
