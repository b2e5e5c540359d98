/** What is said of results beside them: in the title of a list, and in its last lines. */
import { isIndexing, type Found } from '../protocol';

/** Sentences, below the results. That nothing is close to the query is not known before all is indexed. */
export function notesOf(found: Found): string[] {
  const { results, notes = [], left_out = [] } = found;
  const indexing = isIndexing(found);
  const said = [...left_out, ...(indexing && !results.length ? [] : notes)];
  if (indexing) {
    return [...said, results.length ? 'Still indexing: there may be more.' : 'Still indexing: nothing is found yet.'];
  }
  return results.length || said.length ? said : ['Nothing found.'];
}

const LONGEST = 60;
/** Characters beside a title: a second line of it would move the list under who types. */

/** With the beginning of what is said, where results push it out of sight. */
export function titled(title: string, found: Found): string {
  const first = found.results.length ? (notesOf(found)[0] ?? '').split(/: |\.(?: |$)/, 1)[0]! : '';
  const short = first.length > LONGEST ? `${first.slice(0, LONGEST)} …` : first;
  const said = isIndexing(found) ? 'still indexing' : short;
  return said ? `${title} · ${said}` : title;
}
