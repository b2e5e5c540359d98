/** The Markdown of an answer as blocks of plain text: what is not known here stays text. */

export type Inline =
  | { kind: 'text' | 'code' | 'strong' | 'em'; text: string }
  | { kind: 'cite'; n: number };

export type Block =
  | { kind: 'heading' | 'paragraph' | 'quote'; content: Inline[] }
  | { kind: 'list'; ordered: boolean; items: Inline[][] }
  | { kind: 'code'; text: string };

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const ITEM = /^ {0,3}(?:[-*+]|(\d{1,3})[.)])\s+/;
const HEADING = /^ {0,3}#{1,6}\s+/;
const QUOTE = /^ {0,3}>\s?/;

export function blocks(markdown: string): Block[] {
  const lines = markdown.split('\n');
  const found: Block[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    const fence = FENCE.exec(line)?.[1];
    if (fence) {
      const end = lines.findIndex((each, place) => place > at && each.trim().startsWith(fence));
      found.push({ kind: 'code', text: lines.slice(at + 1, end < 0 ? undefined : end).join('\n') });
      at = end < 0 ? lines.length : end + 1;
    } else if (!line.trim()) {
      at += 1;
    } else if (HEADING.test(line)) {
      found.push({ kind: 'heading', content: inlines(line.replace(HEADING, '')) });
      at += 1;
    } else if (ITEM.test(line)) {
      const ordered = Boolean(ITEM.exec(line)?.[1]);
      const items: string[] = [];
      for (; at < lines.length && (lines[at] ?? '').trim() && !FENCE.test(lines[at] ?? ''); at += 1) {
        const one = lines[at] ?? '';
        if (ITEM.test(one)) {
          items.push(one.replace(ITEM, ''));
        } else {
          items[items.length - 1] += ` ${one.trim()}`;
        }
      }
      found.push({ kind: 'list', ordered, items: items.map(inlines) });
    } else {
      const quote = QUOTE.test(line);
      const begin = at;
      while (at < lines.length && (at === begin || continues(lines[at] ?? '', quote))) {
        at += 1;
      }
      const text = lines.slice(begin, at).map((each) => (quote ? each.replace(QUOTE, '') : each.trim()));
      found.push({ kind: quote ? 'quote' : 'paragraph', content: inlines(text.join('\n')) });
    }
  }
  return found;
}

function continues(line: string, quote: boolean): boolean {
  const other = FENCE.test(line) || HEADING.test(line) || ITEM.test(line) || QUOTE.test(line) !== quote;
  return Boolean(line.trim()) && !other;
}

const SIGN = /\\([!-/:-@[-`{-~])|(`+)|\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]|(\*\*|__)(?=\S)|&(lt|gt|amp|quot|#39);|\*(?=\S)/y;
const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" };

export function inlines(text: string): Inline[] {
  const found: Inline[] = [];
  let plain = '';
  const unclosed = new Set<string>(); // what is closed nowhere is not looked for again
  const put = (one: Inline): void => {
    flush();
    found.push(one);
  };
  const flush = (): void => {
    if (plain) {
      found.push({ kind: 'text', text: plain });
      plain = '';
    }
  };
  for (let at = 0; at < text.length; ) {
    SIGN.lastIndex = at;
    const sign = SIGN.exec(text);
    if (!sign) {
      plain += text[at] ?? '';
      at += 1;
      continue;
    }
    const [all, escaped, ticks, numbers, , entity] = sign;
    at += all.length;
    if (escaped !== undefined) {
      plain += escaped;
    } else if (entity !== undefined) {
      plain += NAMED[entity] ?? '';
    } else if (numbers !== undefined) {
      for (const n of numbers.split(',')) {
        put({ kind: 'cite', n: Number(n) });
      }
    } else {
      const mark = ticks ?? all;
      const end = unclosed.has(mark) ? -1 : closing(text, mark, at);
      if (end < 0) {
        unclosed.add(mark);
        plain += all;
      } else {
        const inner = text.slice(at, end);
        put(ticks ? { kind: 'code', text: code(inner) } : { kind: mark.length > 1 ? 'strong' : 'em', text: unescaped(inner) });
        at = end + mark.length;
      }
    }
  }
  flush();
  return found;
}

/** Where what a mark opened is closed; -1 where it is not. */
function closing(text: string, mark: string, from: number): number {
  for (let at = text.indexOf(mark, from); at >= 0; at = text.indexOf(mark, at + 1)) {
    const alone = text[at - 1] !== mark[0] && text[at + mark.length] !== mark[0];
    const tight = mark[0] === '`' || (/\S/.test(text[at - 1] ?? '') && text[at - 1] !== '\\');
    if (at > from && alone && tight) {
      return at;
    }
  }
  return -1;
}

function code(text: string): string {
  return /^ .* $/s.test(text) && text.trim() ? text.slice(1, -1) : text;
}

function unescaped(text: string): string {
  return inlines(text)
    .map((one) => (one.kind === 'cite' ? `[${one.n}]` : one.text))
    .join('');
}
