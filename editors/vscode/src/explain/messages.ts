/** What the panel's page and the extension say to each other. */

export interface ShownSource {
  n: number;
  /** path:line */
  place: string;
  symbol: string;
  cited: boolean;
}

export interface Done {
  sources: ShownSource[];
  notes: string[];
  /** the model, how long it took, whether the answer was known */
  from: string;
}

export type ToPage =
  | { type: 'begin'; turn: number; title: string }
  | { type: 'prompt'; turn: number; text: string; first: boolean }
  | { type: 'text'; turn: number; text: string }
  | { type: 'done'; turn: number; done: Done }
  | { type: 'failed'; turn: number; message: string; actions: string[] }
  | { type: 'clear' };

export type FromPage =
  | { type: 'ready' }
  | { type: 'open'; turn: number; n: number }
  | { type: 'act'; turn: number; action: number }
  | { type: 'copy' | 'stop' | 'again' | 'send' | 'refuse' | 'prompt'; turn: number }
  | { type: 'ask'; question: string };
