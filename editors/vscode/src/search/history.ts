/** The last queries of this workspace, the latest first. */
import type { Memento } from 'vscode';

const KEY = 'wherein.queries';
const KEPT = 20;

export class History {
  constructor(private readonly memory: Memento) {}

  get all(): readonly string[] {
    return this.memory.get<string[]>(KEY, []);
  }

  add(query: string): void {
    const wanted = query.trim();
    if (wanted) {
      void this.memory.update(KEY, [wanted, ...this.all.filter((each) => each !== wanted)].slice(0, KEPT));
    }
  }
}
