/** Real repositories to search: the server's own code under names that trip up whoever builds URIs by hand. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { folder } from './children';

export const PROJECT = path.resolve('../..');

export function git(where: string, ...given: string[]): void {
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.invalid', '-c', 'init.defaultBranch=main'];
  execFileSync('git', [...who, ...given], { cwd: where, stdio: 'pipe' });
}

/** A repository of a few files, all committed. */
export function committed(name: string, files: Record<string, string>): string {
  const made = folder(name);
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.join(made, path.dirname(file)), { recursive: true });
    fs.writeFileSync(path.join(made, file), text);
  }
  commit(made);
  return made;
}

function commit(made: string): void {
  git(made, 'init', '-q');
  git(made, 'add', '-A');
  git(made, 'commit', '-qm', 'first');
}

/** A copy of some folders of the project in a repository of its own. */
export function repository(name: string, parts = ['server/wherein_server', 'docs']): string {
  const made = folder(name);
  for (const part of parts) {
    fs.cpSync(path.join(PROJECT, part), path.join(made, part), {
      recursive: true,
      filter: (file) => !file.includes('__pycache__'),
    });
  }
  commit(made);
  return made;
}
