/** Which servers an extension can talk to: those of its own first two numbers. */

export type Fit = 'fits' | 'older' | 'newer' | 'strange';

export function fit(extension: string, server: string): Fit {
  const [ours, theirs] = [numbers(extension), numbers(server)];
  if (!ours || !theirs) {
    return 'strange';
  }
  if (ours[0] === theirs[0] && ours[1] === theirs[1]) {
    return 'fits';
  }
  return theirs[0] < ours[0] || (theirs[0] === ours[0] && theirs[1] < ours[1]) ? 'older' : 'newer';
}

/** Whether `one` comes before `other`, by all three numbers. */
export function before(one: string, other: string): boolean {
  const [a, b] = [numbers(one), numbers(other)];
  if (!a || !b) {
    return false;
  }
  const at = a.findIndex((number, place) => number !== b[place]);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}

function numbers(version: string): [number, number, number] | undefined {
  const found = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(version);
  return found ? [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)] : undefined;
}
