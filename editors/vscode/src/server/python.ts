/** What can make a virtual environment here: uv, or a Python that is new enough. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { which } from './find';

export const LEAST = [3, 11] as const;

export type Maker = { tool: 'uv'; file: string } | { tool: 'python'; file: string; version: string };

export interface Looked {
  maker?: Maker;
  /** Pythons that are too old, with their versions */
  old: string[];
}

const NAMES = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python'];

const run = promisify(execFile);

export async function look(environment: NodeJS.ProcessEnv, windows: boolean): Promise<Looked> {
  const places = { environment, windows };
  const uv = which('uv', places);
  if (uv) {
    return { maker: { tool: 'uv', file: uv }, old: [] };
  }
  const old: string[] = [];
  for (const name of windows ? ['py', ...NAMES] : NAMES) {
    const file = which(name, places);
    const version = file && (await versionOf(file));
    if (version && newEnough(version)) {
      return { maker: { tool: 'python', file, version }, old };
    }
    if (version) {
      old.push(`${name} ${version}`);
    }
  }
  return { old };
}

export function newEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);
}

async function versionOf(file: string): Promise<string | undefined> {
  try {
    const ask = 'import sys; print("%d.%d.%d" % sys.version_info[:3])';
    const { stdout } = await run(file, ['-c', ask], { timeout: 10_000, windowsHide: true });
    return /^\d+\.\d+\.\d+/.exec(stdout)?.[0];
  } catch {
    return undefined;
  }
}
