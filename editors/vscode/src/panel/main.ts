/** The panel's page: draws what the extension tells, says what is pressed. */
import type { FromPage, ToPage } from '../explain/messages';
import { ShownTurn } from './turn';

document.body.hidden = false; // not before it has its style, which this script waits for

const editor = acquireVsCodeApi<undefined>();
const turns = new Map<number, ShownTurn>();
const list = document.getElementById('turns') as HTMLElement;
const question = document.getElementById('question') as HTMLTextAreaElement;

const NEAR_END = 80;
/** Pixels from the end of the page within which it follows what is written. */

function say(message: FromPage): void {
  editor.postMessage(message);
}

function hear(message: ToPage): void {
  const page = document.scrollingElement;
  const follows = message.type !== 'done' && (!page || page.scrollHeight - page.scrollTop - page.clientHeight < NEAR_END); // a long list of sources would push the answer away
  if (message.type === 'clear') {
    turns.clear();
    list.replaceChildren();
    return;
  }
  const turn = turns.get(message.turn);
  switch (message.type) {
    case 'begin':
      if (turn) {
        turn.begin();
      } else {
        const made = new ShownTurn(message.turn, message.title, say);
        turns.set(message.turn, made);
        list.append(made.root);
        made.root.scrollIntoView();
      }
      return;
    case 'prompt':
      turn?.prompt(message.text, message.first);
      break;
    case 'text':
      turn?.add(message.text);
      break;
    case 'done':
      turn?.done(message.done);
      break;
    case 'failed':
      turn?.failed(message.message, message.actions);
  }
  if (follows) {
    requestAnimationFrame(() => page?.scrollTo(0, page.scrollHeight));
  }
}

function ask(): void {
  if (question.value.trim()) {
    say({ type: 'ask', question: question.value.trim() });
    question.value = '';
  }
}

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => hear(data));
document.getElementById('ask')?.addEventListener('click', ask);
question.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey) {
    event.preventDefault();
    ask();
  }
});
say({ type: 'ready' });
