/** Processes and folders that a test makes, ended and removed at its end whatever happened. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const ENDS_WITHIN = 10_000;

const running = new Set<ChildProcess>();
const folders = new Set<string>();

export function start(file: string, given: string[], options: SpawnOptions): ChildProcess {
  const child = spawn(file, given, { ...options, detached: true });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** The process and all that it started. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
    return;
  }
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  signal(child.pid, 'SIGTERM');
  const late = setTimeout(() => signal(child.pid, 'SIGKILL'), ENDS_WITHIN);
  await ended;
  clearTimeout(late);
  signal(child.pid, 'SIGKILL'); // what it left behind
}

function signal(pid: number | undefined, name: NodeJS.Signals): void {
  try {
    process.kill(-(pid ?? 0), name);
  } catch {
    // the group is gone
  }
}

export function folder(name = 'x'): string {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'wherein-vscode-'));
  folders.add(made);
  const inner = path.join(made, name);
  fs.mkdirSync(inner);
  return inner;
}

export async function endAll(): Promise<void> {
  await Promise.all([...running].map(end));
  for (const each of folders) {
    fs.rmSync(each, { recursive: true, force: true, maxRetries: 5 });
  }
}
