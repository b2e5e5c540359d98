/** Which cell of a notebook a place in its file is in: an index knows the file, which is JSON; editors show cells. */
import type { Position } from '../protocol';

const BRACKETS = /["{}[\]]/g;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const CELLS = /"cells"\s*:\s*$/;

/** Counted from 0; undefined where the text has no cells. A place between two is in the first of them. */
export function cellAt(text: string, place: Position): number | undefined {
  const wanted = offsetOf(text, place);
  const depths: string[] = [];
  let cells = false;
  let count = 0;
  BRACKETS.lastIndex = 0;
  for (let found = BRACKETS.exec(text); found; found = BRACKETS.exec(text)) {
    const at = found.index;
    const mark = found[0];
    if (mark === '"') {
      STRING.lastIndex = at;
      if (!STRING.test(text)) {
        break; // it does not end: this is no JSON
      }
      BRACKETS.lastIndex = STRING.lastIndex;
    } else if (mark === '{' || mark === '[') {
      if (depths.length === 1 && depths[0] === '{' && mark === '[') {
        cells = CELLS.test(text.slice(Math.max(0, at - 40), at));
      }
      if (cells && depths.length === 2 && mark === '{') {
        if (at > wanted) {
          break;
        }
        count += 1;
      }
      depths.push(mark);
    } else {
      depths.pop();
      cells &&= depths.length > 1;
    }
  }
  return count > 0 ? count - 1 : undefined;
}

function offsetOf(text: string, { line, character }: Position): number {
  let start = 0;
  for (let left = line; left > 0; left -= 1) {
    const end = text.indexOf('\n', start);
    if (end < 0) {
      return text.length;
    }
    start = end + 1;
  }
  return start + character;
}
