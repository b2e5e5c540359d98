/** What commands are given, by code actions and keys of others: as much as can be made out. */
import type { Target } from './target';

/** The place alone: the server's code actions say as well that the server is to show what it finds, which this editor does. */
export function asTarget(given: unknown): Target | undefined {
  const { uri, position } = (given ?? {}) as Partial<Target>;
  return typeof uri === 'string' && position ? { uri, position } : undefined;
}
