/** The server's process: its pipes, what it complains of, and why it ended. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import * as os from 'node:os';
import { Guard } from './guard';

const LEAVE_AFTER = 3_000;
/** Milliseconds after which a server that was told to end is made to. */

const KEPT_LINES = 5;

export class ServerProcess {
  readonly reader = new Guard();
  /** the last lines of its standard error */
  readonly complaints: string[] = [];
  /** why it ended, in words; undefined while it runs */
  ended: string | undefined;
  private readonly child: ChildProcessWithoutNullStreams;

  constructor(
    readonly file: string,
    log: (line: string) => void,
  ) {
    // not in a folder of the workspace: nothing is to be looked up there
    this.child = spawn(file, ['lsp'], { cwd: os.homedir(), windowsHide: true, shell: /\.(cmd|bat)$/i.test(file) });
    this.child.stdout.pipe(this.reader);
    this.child.stdin.on('error', () => undefined); // it is gone; its end is told elsewhere
    this.reader.on('strange', (text: string) => {
      log(`no message: ${text}`);
      this.kill();
    });
    let rest = '';
    this.child.stderr.setEncoding('utf8').on('data', (piece: string) => {
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        log(line);
        this.complaints.push(line);
      }
      this.complaints.splice(0, this.complaints.length - KEPT_LINES);
    });
    this.child.on('error', (error) => this.end(error.message));
    this.child.on('exit', (code, signal) =>
      this.end(signal ? `was ended by ${signal}` : `ended with exit code ${code}`),
    );
  }

  get writer(): NodeJS.WritableStream {
    return this.child.stdin;
  }

  /** Resolves when the process runs; rejects where it cannot be started. */
  started(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.child.once('spawn', resolve);
      this.child.once('error', reject);
    });
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Lets it end by itself, and sees to it that it does. */
  async leave(): Promise<void> {
    if (this.ended === undefined) {
      const late = setTimeout(() => this.kill(), LEAVE_AFTER);
      await new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
      clearTimeout(late);
    }
  }

  private end(reason: string): void {
    this.ended ??= reason;
  }
}
