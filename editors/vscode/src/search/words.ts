/** How a hit is named in a list. */
import type { Hit } from '../protocol';

const LONGEST = 120;

/** Text of others where VS Code would draw `$(name)` as an icon. */
export function asText(text: string): string {
  return text.replace(/\$\(/g, '\\$(').replace(/\s+/g, ' ').trim();
}

export function nameOf(hit: Hit): string {
  const name = hit.qualified_name || hit.symbol || hit.title.trim() || hit.path;
  const part = hit.part ? ` (${hit.part.number} of ${hit.part.count})` : '';
  return `${name}${part}${hit.call?.through ? ' (possibly)' : ''}`;
}

/** The place as people write it: the line that the hit is shown by, from 1. */
export function placeOf(hit: Hit): string {
  return `${hit.path}:${lineOf(hit) + 1}`;
}

/** The place as narrow lists show it, which cut off the end of what is long: the file and its line, then the folder. */
export function fileFirst(hit: Hit): string {
  const cut = hit.path.lastIndexOf('/');
  return `${hit.path.slice(cut + 1)}:${lineOf(hit) + 1}${cut > 0 ? `  ${hit.path.slice(0, cut)}` : ''}`;
}

export function lineOf(hit: Hit): number {
  return (hit.matches[0] ?? hit.location.range).start.line;
}

/** The line of code that shows the hit. */
export function codeOf(hit: Hit): string {
  const line = hit.title.trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)} …` : line;
}
