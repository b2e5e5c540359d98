/** What other extensions get: `vscode.extensions.getExtension('wherein.wherein').activate()`. */
import * as vscode from 'vscode';
import type { Found } from './protocol';
import { troubleOf } from './remedies';
import type { Connection } from './server/connection';

export interface Wanted {
  /** how many results; as the settings have it where it is not given */
  limit?: number;
  kinds?: readonly string[];
  languages?: readonly string[];
  /** patterns of paths to keep to, as `src/**` */
  paths?: readonly string[];
}

export interface Api {
  /** of this extension */
  readonly version: string;
  /** Searches the folders that are open, in words or by name; the query may hold filters. The server is started where it
   * does not run. Rejects with a CancellationError where the token says so, else with an Error of one sentence. */
  search(query: string, wanted?: Wanted, token?: vscode.CancellationToken): Promise<Found>;
}

export function apiOf(connection: Connection, version: string): Api {
  return {
    version,
    async search(query, wanted = {}, token) {
      const { limit, kinds, languages, paths } = wanted;
      try {
        const found = await connection.request<Found>('wherein/search', { query, limit, kinds, languages, paths }, token);
        if (!token?.isCancellationRequested) {
          return found;
        }
      } catch (error) {
        const trouble = troubleOf(error);
        if (trouble) {
          throw new Error(trouble.message);
        }
      }
      throw new vscode.CancellationError();
    },
  };
}
