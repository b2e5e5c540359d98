/** Where the server's program is: the configured path, else PATH, else the environment that the extension made. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

export type Origin = 'setting' | 'path' | 'managed';

export interface Program {
  file: string;
  origin: Origin;
}

export interface Places {
  /** the setting; empty where there is none */
  configured: string;
  /** the folder of the extension's own environment */
  managed: string;
  environment: NodeJS.ProcessEnv;
  home: string;
  windows: boolean;
}

/** The program; undefined where there is none; a text where the setting names none. */
export function find(places: Places): Program | string | undefined {
  if (places.configured) {
    const file = expanded(places.configured, places.home);
    if (!path.isAbsolute(file)) {
      return `wherein.server.path must be an absolute path, which ${places.configured} is not.`;
    }
    return runs(file)
      ? { file, origin: 'setting' }
      : `wherein.server.path names ${file}, which is not a program that can be run.`;
  }
  const onPath = which('wherein', places) ?? withEnding(path.join(places.home, '.local', 'bin', 'wherein'), places);
  if (onPath) {
    return { file: onPath, origin: 'path' };
  }
  const own = withEnding(path.join(places.managed, places.windows ? 'Scripts' : 'bin', 'wherein'), places);
  return own ? { file: own, origin: 'managed' } : undefined;
}

/** A program on PATH. Only absolute folders count: a relative one would be looked up in somebody's repository. */
export function which(name: string, places: Pick<Places, 'environment' | 'windows'>): string | undefined {
  const variable = places.windows
    ? Object.entries(places.environment).find(([key]) => key.toUpperCase() === 'PATH')?.[1]
    : places.environment['PATH'];
  for (const folder of (variable ?? '').split(path.delimiter)) {
    const found = path.isAbsolute(folder) ? withEnding(path.join(folder, name), places) : undefined;
    if (found) {
      return found;
    }
  }
  return undefined;
}

export function placesFor(configured: string, managed: string): Places {
  return {
    configured: configured.trim(),
    managed,
    environment: process.env,
    home: os.homedir(),
    windows: process.platform === 'win32',
  };
}

function withEnding(file: string, places: Pick<Places, 'windows'>): string | undefined {
  return (places.windows ? ['.exe', '.cmd', '.bat'] : ['']).map((ending) => file + ending).find(runs);
}

/** `~` is a shell's word, and no shell is asked. */
export function expanded(file: string, home: string): string {
  return /^~(?=$|[\\/])/.test(file) ? home + file.slice(1) : file;
}

function runs(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
