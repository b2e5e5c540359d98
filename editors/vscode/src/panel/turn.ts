/** One question and its answer on the page. */
import type { Done, FromPage, ShownSource } from '../explain/messages';
import { button, drawBlock, element } from './draw';
import { blocks } from './markdown';

export class ShownTurn {
  readonly root = element('article');
  private readonly body = element('div', '', 'answer');
  private readonly end = element('footer');
  private readonly drawn: string[] = [];
  private text = '';
  private waiting = false;

  constructor(
    private readonly number: number,
    title: string,
    private readonly say: (message: FromPage) => void,
  ) {
    this.root.append(element('h2', title), this.body, this.end);
    this.begin();
  }

  /** Asked, perhaps again: empty, with a way to stop it. */
  begin(): void {
    this.text = '';
    this.drawn.length = 0;
    this.body.replaceChildren(element('p', 'Reading the code …', 'busy'));
    this.end.replaceChildren(this.act('Stop', 'stop'));
    this.root.dataset['state'] = 'asked';
  }

  add(text: string): void {
    this.text += text;
    this.root.dataset['state'] = 'streaming';
    if (!this.waiting) {
      this.waiting = true;
      requestAnimationFrame(() => {
        this.waiting = false;
        this.draw();
      });
    }
  }

  /** Before it is sent in the place of the answer, afterwards below it. */
  prompt(text: string, first: boolean): void {
    const shown = element('pre', '', 'prompt');
    shown.append(element('code', text));
    if (!first) {
      this.end.querySelector('.prompt')?.remove();
      this.end.append(shown);
      shown.scrollIntoView({ block: 'nearest' });
      return;
    }
    this.body.replaceChildren(element('p', 'This is what would be sent to the language model:'), shown);
    this.end.replaceChildren(this.act('Send', 'send', 'first'), this.act('Do Not Send', 'refuse'));
    this.root.dataset['state'] = 'prompt';
  }

  done({ sources, notes, from }: Done): void {
    this.draw();
    const noted = notes.map((note) => element('p', note, 'note'));
    const list = element('ul', '', 'sources');
    list.append(...sources.map((source) => this.source(source)));
    const ways = element('div', '', 'ways');
    ways.append(this.act('Copy', 'copy'), this.act('Ask Again', 'again'), this.act('Show Prompt', 'prompt'), element('span', from, 'from'));
    this.end.replaceChildren(...noted, ...(sources.length ? [element('h3', 'Sources'), list] : []), ways);
    this.root.dataset['state'] = 'done';
  }

  failed(message: string, actions: readonly string[]): void {
    if (this.text) {
      this.draw();
    } else {
      this.body.replaceChildren();
    }
    const helps = actions.map((title, action) => button(title, '', () => this.say({ type: 'act', turn: this.number, action })));
    const ways = element('div', '', 'ways');
    ways.append(...helps, this.act('Ask Again', 'again'));
    this.end.replaceChildren(element('p', message, 'problem'), ways);
    this.root.dataset['state'] = 'failed';
  }

  /** Only blocks that differ are drawn anew: a selection in the others stays. */
  private draw(): void {
    const found = blocks(this.text);
    found.forEach((block, at) => {
      const form = JSON.stringify(block);
      const there = this.drawn[at] === undefined ? undefined : this.body.children[at];
      if (this.drawn[at] !== form) {
        const made = drawBlock(block, (n) => this.say({ type: 'open', turn: this.number, n }));
        if (there) {
          there.replaceWith(made);
        } else {
          this.body.querySelector('.busy')?.remove();
          this.body.append(made);
        }
        this.drawn[at] = form;
      }
    });
    this.drawn.length = found.length;
    while (this.body.children.length > found.length) {
      this.body.lastElementChild?.remove();
    }
  }

  private source({ n, place, symbol, cited }: ShownSource): HTMLElement {
    const made = element('li', '', cited ? 'cited' : '');
    const open = button(`[${n}] ${place}`, 'source', () => this.say({ type: 'open', turn: this.number, n }));
    made.append(open, ...(symbol ? [' ', element('code', symbol)] : []));
    return made;
  }

  private act(title: string, type: 'stop' | 'copy' | 'again' | 'send' | 'refuse' | 'prompt', className = ''): HTMLButtonElement {
    return button(title, className, () => this.say({ type, turn: this.number }));
  }
}
