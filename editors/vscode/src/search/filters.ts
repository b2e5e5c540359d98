/** Filters that are typed within a query: which may follow what is typed last. */
import { KINDS, LANGUAGES } from '../generated';

export interface Suggestion {
  /** the query with it */
  query: string;
  /** the filter itself */
  filter: string;
}

const MOST = 8;

const NAMES: Record<string, string> = {
  'lang:': 'restrict to a language',
  'path:': 'restrict to paths, such as path:src/**',
  '-path:': 'leave out paths',
  'kind:': 'restrict to functions, classes, …',
};

/** Languages and kinds that go on with a filter at the end of a query. */
export function suggestions(query: string): Suggestion[] {
  const found = /(?:^|\s)((lang|kind):(\S*))$/.exec(query);
  if (!found) {
    return [];
  }
  const [, typed = '', key = '', beginning = ''] = found;
  const before = query.slice(0, query.length - typed.length);
  const known = key === 'lang' ? LANGUAGES : KINDS;
  if (known.includes(beginning)) {
    return [];
  }
  return known
    .filter((value) => value.startsWith(beginning.toLowerCase()))
    .slice(0, MOST)
    .map((value) => ({ query: `${before}${key}:${value} `, filter: `${key}:${value}` }));
}

/** The filters there are, each with what it does. */
export const FILTERS: readonly [string, string][] = Object.entries(NAMES);
