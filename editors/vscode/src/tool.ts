/** `#wherein` for VS Code's own chat: the search as a tool of language models. */
import * as vscode from 'vscode';
import { isIndexing, type Found, type Hit } from './protocol';
import type { Connection } from './server/connection';
import { troubleOf } from './remedies';

const USUAL = 8;
const MOST = 30;
const LONGEST = 3_000;
/** Characters of one result: some 900 tokens. */

interface Given {
  query: string;
  limit?: number;
}

/** Nothing where this editor has no such tools. */
export function registerTool(connection: Connection): vscode.Disposable | undefined {
  const models = vscode.lm as typeof vscode.lm | undefined;
  if (typeof models?.registerTool !== 'function') {
    return undefined;
  }
  return models.registerTool<Given>('wherein_search', {
    prepareInvocation: ({ input }) => ({ invocationMessage: `Searching the code for “${input.query}”` }),
    invoke: async ({ input }, token) => {
      const limit = Math.min(Math.max(1, Math.trunc(input.limit ?? USUAL)), MOST);
      try {
        const found = await connection.request<Found>('wherein/search', { query: input.query, limit }, token);
        return answer(told(found));
      } catch (error) {
        throw new Error(troubleOf(error)?.message ?? 'The search was cancelled.');
      }
    },
  });
}

export function told(found: Found): string {
  const parts = found.results.map(toldHit);
  if (isIndexing(found)) {
    parts.push(`The index is not complete yet: ${parts.length ? 'there may be more' : 'nothing was found so far; search again in a minute'}.`);
  }
  return [...(found.left_out ?? []), ...(found.notes ?? []), ...parts].join('\n\n') || 'Nothing was found.';
}

function toldHit(hit: Hit): string {
  const { start, end } = hit.location.range;
  const text = hit.text.length > LONGEST ? `${hit.text.slice(0, LONGEST)}\n…` : hit.text;
  return `${hit.path}:${start.line + 1}-${end.line + 1} (${hit.kind} ${hit.qualified_name})\n${text}`;
}

function answer(text: string): vscode.LanguageModelToolResult {
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
}
