/** Real model servers of known words. */
import type { ChildProcess } from 'node:child_process';
import * as readline from 'node:readline';
import { end, start } from './children';

export class Models {
  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: AsyncIterator<string>,
    /** base URL by name */
    readonly at: Record<string, string>,
  ) {}

  static async start(python: string, ...names: string[]): Promise<Models> {
    const child = start(python, ['test/editor/model.py', ...names], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = readline.createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done) {
      throw new Error('there is no llama-server to test with');
    }
    return new Models(child, lines, JSON.parse(first.value) as Record<string, string>);
  }

  /** How many requests one works on. */
  async busy(name: string): Promise<number> {
    this.child.stdin?.write(`busy ${name}\n`);
    return Number((await this.lines.next()).value);
  }

  /** It says nothing more, and keeps its connections. */
  pause(name: string): void {
    this.child.stdin?.write(`pause ${name}\n`);
  }

  resume(name: string): void {
    this.child.stdin?.write(`resume ${name}\n`);
  }

  stop(): Promise<void> {
    return end(this.child);
  }
}
