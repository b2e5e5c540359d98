/** Where a line of one version of a text is in another one: the nearest line of the same text, else that of the same number. */
export function nearest(earlier: readonly string[], line: number, now: readonly string[]): number {
  const text = earlier[line]?.trim();
  const same = text ? now.flatMap((each, number) => (each.trim() === text ? [number] : [])) : [];
  const [best] = same.sort((one, other) => Math.abs(one - line) - Math.abs(other - line));
  return best ?? Math.max(0, Math.min(line, now.length - 1));
}
