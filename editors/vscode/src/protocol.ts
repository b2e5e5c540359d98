/** What the server is asked and answers, as docs/editors.md tells. */

export interface Position {
  line: number;
  character: number;
}

export interface Range {
  start: Position;
  end: Position;
}

export interface Location {
  uri: string;
  range: Range;
}

/** What an answer was drawn from. */
export interface IndexBlock {
  repository: string;
  view: string | null;
  commit: string | null;
  /** files in which the index differs from the disk; null where nobody has looked since the last change */
  behind: number | null;
  complete: boolean;
  store: string | null;
  model: string | null;
}

export interface Hit {
  location: Location;
  repository: string;
  path: string;
  symbol: string;
  qualified_name: string;
  kind: string;
  language: string;
  score: number;
  text: string;
  title: string;
  matches: Range[];
  definition?: Range;
  part?: { number: number; count: number };
  /** of a caller, or of what is called */
  call?: Call;
}

export interface Call {
  /** as it is written there */
  name: string;
  location: Location;
  /** of a possible call: the method of an interface or a parent class that is called */
  through?: string;
}

export interface Found {
  index: IndexBlock;
  results: Hit[];
  notes?: string[];
  /** sentences about folders of the workspace that could not be searched and are not being indexed either */
  left_out?: string[];
}

/** Callers, or what is called. */
export interface FoundCalls extends Found {
  /** the name that was asked about */
  target: string;
}

/** Whether asking again soon finds more. */
export function isIndexing({ index, left_out }: Pick<Found, 'index' | 'left_out'>): boolean {
  return !index.complete && !left_out?.length;
}

export interface Change extends Omit<Hit, 'location' | 'matches' | 'text' | 'title' | 'score' | 'repository'> {
  change: 'added' | 'changed' | 'removed';
  start_line: number;
  end_line: number;
  /** null for what was removed */
  location: Location | null;
}

export interface Changes {
  index: IndexBlock;
  /** null where several repositories are open */
  since: { revision: string; commit: string } | null;
  results: Change[];
  notes: string[];
}

/** What would be sent to the language model. */
export interface Dry {
  messages: { role: string; content: string }[];
  estimated_tokens: number;
  endpoint: { base_url: string | null; model: string | null };
}

/** An exchange before a further question. */
export interface Exchange {
  question: string;
  answer: string;
  sources: Source[];
}

export interface HookAnswer {
  text: string;
  changes: unknown[];
  notes: string[];
}

export interface Source {
  n: number;
  location: Location;
  path: string;
  symbol: string;
}

export interface Answer {
  text: string;
  citations: Source[];
  sources: Source[];
  dropped: number[];
  notes: string[];
  model: string;
  usage: { prompt_tokens: number | null; completion_tokens: number | null };
  timings: { first_text: number | null; total: number | null };
  cached: boolean;
  index: IndexBlock;
}

export interface Problem {
  code: number;
  message: string;
  remedy: string | null;
}

/** One repository of the workspace. */
export interface Indexed {
  root: string;
  folders: string[];
  updating: boolean;
  progress: { files_done: number; files_total: number } | null;
  index: IndexBlock;
  files?: number;
  chunks?: number;
  bytes?: number;
  skipped?: Record<string, number>;
  problem: Problem | null;
}

export interface Status {
  index: IndexBlock;
  indexes: Indexed[];
}

export enum Code {
  Arguments = -32602,
  Index = -32001,
  Store = -32002,
  Endpoint = -32003,
  Cancelled = -32800,
}
