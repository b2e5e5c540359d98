/** What is said of results beside them: in the title of a list, and in its last lines. */
import type { Found } from '../protocol';

/** Sentences, below the results. That nothing is close to the query is not known before all is indexed. */
export function notesOf({ index, results, notes }: Found): string[] {
  const said = index.complete || results.length ? (notes ?? []) : [];
  if (!index.complete) {
    return [...said, results.length ? 'Still indexing: there may be more.' : 'Still indexing: nothing is found yet.'];
  }
  return results.length || said.length ? said : ['Nothing found.'];
}

/** With the first of what is said, where results push it out of sight. */
export function titled(title: string, found: Found): string {
  const first = found.results.length ? notesOf(found)[0]?.replace(/[.:]$/, '') : '';
  const said = found.index.complete ? first : 'still indexing';
  return said ? `${title} · ${said}` : title;
}
