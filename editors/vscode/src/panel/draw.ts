/** Blocks as elements, made one by one: text never becomes markup. */
import type { Block, Inline } from './markdown';

export type OnCite = (n: number) => void;

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  text = '',
  className = '',
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

export function drawBlock(block: Block, onCite: OnCite): HTMLElement {
  switch (block.kind) {
    case 'code': {
      const made = element('pre');
      made.append(element('code', block.text));
      return made;
    }
    case 'list': {
      const made = element(block.ordered ? 'ol' : 'ul');
      made.append(...block.items.map((item) => filled(element('li'), item, onCite)));
      return made;
    }
    case 'heading':
      return filled(element('h3'), block.content, onCite);
    case 'quote':
      return filled(element('blockquote'), block.content, onCite);
    case 'paragraph':
      return filled(element('p'), block.content, onCite);
  }
}

export function button(text: string, className: string, press: () => void): HTMLButtonElement {
  const made = element('button', text, className);
  made.addEventListener('click', press);
  return made;
}

function filled(into: HTMLElement, content: readonly Inline[], onCite: OnCite): HTMLElement {
  into.append(...content.map((one) => drawInline(one, onCite)));
  return into;
}

function drawInline(one: Inline, onCite: OnCite): Node {
  switch (one.kind) {
    case 'cite': {
      const made = button(`[${one.n}]`, 'cite', () => onCite(one.n));
      made.dataset['n'] = String(one.n);
      made.setAttribute('aria-label', `Source ${one.n}`);
      return made;
    }
    case 'text':
      return document.createTextNode(one.text);
    default:
      return element(one.kind, one.text);
  }
}
