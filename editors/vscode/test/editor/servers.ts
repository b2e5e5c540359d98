/** The servers that run for one VS Code, told by its home folder in their environment. */
import * as fs from 'node:fs';

/** Process ids. */
export function serverProcesses(home: string): number[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isServer(pid, home));
}

export function killServer(home: string): void {
  serverProcesses(home).forEach((pid) => process.kill(pid, 'SIGKILL'));
}

function isServer(pid: number, home: string): boolean {
  try {
    const line = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const last = line.filter(Boolean).at(-1);
    const environment = fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return last === 'lsp' && environment.includes(`HOME=${home}`);
  } catch {
    return false;
  }
}
