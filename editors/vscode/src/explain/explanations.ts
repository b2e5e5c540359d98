/** The commands that ask the language model, and the one panel that their answers are written in. */
import * as vscode from 'vscode';
import { troubleOf } from '../remedies';
import { open } from '../search/places';
import type { Connection } from '../server/connection';
import { here, type Target } from '../target';
import { tell } from '../trouble';
import type { FromPage } from './messages';
import { Panel } from './panel';
import { Turn, type Asked } from './turn';

const KEPT = 30;

const REMEMBERED = 6;
/** Exchanges that a further question is told of; the server takes no more. */

export class Explanations {
  private panel: Panel | undefined;
  private turns: Turn[] = [];
  private count = 0;

  constructor(
    private readonly connection: Connection,
    private readonly extension: vscode.Uri,
  ) {}

  async explain(target?: Target, promptFirst = showsPrompts()): Promise<void> {
    const at = target ?? here('have it explained');
    const { uri, position } = at;
    const name = vscode.workspace.asRelativePath(vscode.Uri.parse(uri));
    await this.run({ method: 'wherein/explain', params: { uri, position }, title: `Explain ${name}:${position.line + 1}` }, promptFirst);
  }

  async ask(question?: string): Promise<void> {
    const asked =
      question ??
      (await vscode.window.showInputBox({
        title: 'wherein: Ask a Question',
        prompt: 'A question about this code; the answer cites the places it is drawn from.',
        placeHolder: 'When does it give up on a redirect?',
        ignoreFocusOut: true,
      }));
    if (asked?.trim()) {
      await this.run({ method: 'wherein/ask', params: { query: asked.trim() }, title: asked.trim() }, showsPrompts());
    }
  }

  /** A further question: it is about what was explained before, if something was. */
  private async follow(question: string): Promise<void> {
    const answered = this.turns.filter((turn) => turn.answer);
    const last = answered.at(-1);
    if (!last) {
      return this.ask(question);
    }
    const history = answered.slice(-REMEMBERED).map((turn) => turn.exchange);
    const { method, params } = last.asked;
    const further = method === 'wherein/explain' ? { ...params, question, history } : { query: question, history };
    await this.run({ method, params: further, title: question }, showsPrompts());
  }

  private async run(asked: Asked, promptFirst: boolean): Promise<void> {
    await this.connection.started(); // what is wrong with the server is no answer
    this.panel ??= new Panel(this.extension, (message) => void this.said(message), () => this.closed());
    const { panel } = this;
    panel.reveal();
    const turn = new Turn(++this.count, asked, this.connection, (message) => panel.say(message));
    this.turns = [...this.turns, turn].slice(-KEPT);
    await (promptFirst ? turn.showPrompt(true) : turn.run());
  }

  private closed(): void {
    this.turns.forEach((turn) => turn.stop());
    this.turns = [];
    this.panel = undefined;
  }

  private async said(message: FromPage): Promise<void> {
    try {
      await this.do(message);
    } catch (error) {
      const trouble = troubleOf(error);
      await (trouble && tell(trouble));
    }
  }

  private async do(message: FromPage): Promise<void> {
    if (message.type === 'ask') {
      return this.follow(message.question);
    }
    const turn = 'turn' in message ? this.turns.find((each) => each.number === message.turn) : undefined;
    if (!turn) {
      return;
    }
    switch (message.type) {
      case 'open':
        return this.jump(turn, message.n);
      case 'copy':
        return vscode.env.clipboard.writeText(turn.copied);
      case 'stop':
        return turn.stop();
      case 'refuse':
        return turn.refuse();
      case 'prompt':
        return turn.showPrompt(false);
      case 'send':
        return turn.run();
      case 'again':
        return turn.run(false);
      case 'act':
        await turn.actions[message.action]?.run();
    }
  }

  private async jump(turn: Turn, n: number): Promise<void> {
    const source = turn.sourceOf(n);
    if (source) {
      const code = vscode.window.visibleTextEditors.find((editor) => editor.viewColumn !== this.panel?.column);
      await open({ location: source.location }, { viewColumn: code?.viewColumn ?? vscode.ViewColumn.One });
    }
  }
}

function showsPrompts(): boolean {
  return vscode.workspace.getConfiguration('wherein').get<boolean>('explain.showPrompt', false);
}
