/** One question with its answer: asked, streamed, stopped, asked again. */
import * as vscode from 'vscode';
import type { Answer, Dry, Exchange, Source } from '../protocol';
import { troubleOf } from '../remedies';
import type { Connection } from '../server/connection';
import type { Action } from '../trouble';
import type { Done, ShownSource, ToPage } from './messages';

const LONGEST = 200_000;
/** Characters of an answer, after which it is stopped: nobody reads on. */

export interface Asked {
  method: 'wherein/explain' | 'wherein/ask';
  params: object;
  title: string;
}

export class Turn {
  answer: Answer | undefined;
  actions: readonly Action[] = [];
  private text = '';
  private source: vscode.CancellationTokenSource | undefined;

  constructor(
    readonly number: number,
    readonly asked: Asked,
    private readonly connection: Connection,
    private readonly say: (message: ToPage) => void,
  ) {}

  async run(cache = true): Promise<void> {
    this.stop();
    const source = (this.source = new vscode.CancellationTokenSource());
    this.begin();
    try {
      const params = cache ? this.asked.params : { ...this.asked.params, cache };
      const answer = await this.connection.request<Answer, { text: string }>(
        this.asked.method,
        params,
        source.token,
        ({ text }) => this.piece(text, source),
        () => this.source === source && this.begin(),
      );
      if (this.source === source) {
        this.end(answer);
      }
    } catch (error) {
      if (this.source === source) {
        this.failed(error);
      }
    } finally {
      source.dispose();
    }
  }

  stop(): void {
    this.source?.cancel();
  }

  /** What would be sent, or was; nothing is sent before the user says so where it is `first`. */
  async showPrompt(first: boolean): Promise<void> {
    if (first) {
      this.say({ type: 'begin', turn: this.number, title: this.asked.title });
    }
    try {
      const dry = await this.connection.request<Dry>(this.asked.method, { ...this.asked.params, dry: true });
      this.say({ type: 'prompt', turn: this.number, text: prompted(dry), first });
    } catch (error) {
      this.failed(error);
    }
  }

  refuse(): void {
    this.say({ type: 'failed', turn: this.number, message: 'Nothing was sent.', actions: [] });
  }

  /** For a further question. */
  get exchange(): Exchange {
    return { question: this.asked.title, answer: this.answer?.text ?? '', sources: this.answer?.sources ?? [] };
  }

  /** What is copied: the answer with its sources. */
  get copied(): string {
    const sources = (this.answer?.sources ?? []).map((each) => `[${each.n}] ${place(each)}`);
    return [this.text.trim(), sources.join('\n')].filter(Boolean).join('\n\n') + '\n';
  }

  sourceOf(n: number): Source | undefined {
    return this.answer?.sources.find((each) => each.n === n) ?? this.answer?.citations.find((each) => each.n === n);
  }

  private begin(): void {
    this.text = '';
    this.answer = undefined;
    this.say({ type: 'begin', turn: this.number, title: this.asked.title });
  }

  private piece(text: string, source: vscode.CancellationTokenSource): void {
    if (this.source !== source || source.token.isCancellationRequested) {
      return;
    }
    this.text += text;
    this.say({ type: 'text', turn: this.number, text });
    if (this.text.length > LONGEST) {
      source.cancel();
    }
  }

  private end(answer: Answer): void {
    this.answer = answer;
    if (!this.text) {
      this.piece(answer.text, this.source!);
    }
    this.text = answer.text;
    this.say({ type: 'done', turn: this.number, done: shown(answer) });
  }

  private failed(error: unknown): void {
    const trouble = troubleOf(error);
    this.actions = trouble?.actions ?? [];
    const long = this.text.length > LONGEST;
    const message = trouble?.message.replace(/^wherein: /, '') ?? (long ? 'The answer did not end; it was stopped.' : 'Stopped.');
    this.say({ type: 'failed', turn: this.number, message, actions: this.actions.map((action) => action.title) });
  }
}

function shown(answer: Answer): Done {
  const cited = new Set(answer.citations.map((each) => each.n));
  const sources = answer.sources.map((each): ShownSource => ({ n: each.n, place: place(each), symbol: each.symbol, cited: cited.has(each.n) }));
  const seconds = answer.timings.total;
  const parts = [answer.model, answer.cached ? 'known already' : '', !answer.cached && seconds ? `${seconds.toFixed(1)} s` : ''];
  return { sources, notes: answer.notes, from: parts.filter(Boolean).join(' · ') };
}

function prompted({ messages, estimated_tokens, endpoint }: Dry): string {
  const to = endpoint.base_url ?? 'the first language model found on this machine';
  const head = `To ${to}${endpoint.model ? `, ${endpoint.model}` : ''}; some ${estimated_tokens} tokens.`;
  return [head, ...messages.map(({ role, content }) => `── ${role} ──\n${content}`)].join('\n\n');
}

function place(source: Source): string {
  return `${source.path}:${source.location.range.start.line + 1}`;
}
