/** Kinds of chunks that define something with a name in code. */
import { KINDS } from '../generated';

const OTHERS = new Set(['section', 'cue', 'cell', 'rule', 'table', 'key', 'target', 'text']);

export const DEFINITIONS: readonly string[] = KINDS.filter((kind) => !OTHERS.has(kind));
