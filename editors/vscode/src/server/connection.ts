/** The one server of this window: started when it is needed, started again when it ends, asked by everybody. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { ownSettings, API_KEY } from '../settings';
import { button, openStart, settingButton, showLog, tell, Trouble } from '../trouble';
import type { Running } from './client';
import { find, placesFor, type Program } from './find';
import { install, wantedPackage, withoutPackage } from './install';
import { before, fit } from './versions';

const RESTARTS = 3;
const WITHIN = 180_000;
/** A server that ended more often in so many milliseconds is not started again unasked. */

export type State = 'off' | 'starting' | 'ready' | 'failed';

export class Connection implements vscode.Disposable {
  private running: Running | undefined;
  private starting: Promise<Running> | undefined;
  /** servers that were ended to start another one: what they were asked is asked again */
  private readonly replaced = new WeakSet<Running>();
  private readonly ends: number[] = [];
  private readonly states = new vscode.EventEmitter<State>();
  private readonly notifications = new vscode.EventEmitter<{ method: string; params: unknown }>();
  private updateOffered = false;
  readonly onState = this.states.event;
  readonly onNotification = this.notifications.event;
  state: State = 'off';
  /** what code actions of the server want done */
  onCommand: (command: string, given: unknown) => boolean = () => false;

  constructor(
    private readonly context: vscode.ExtensionContext,
    readonly log: vscode.LogOutputChannel,
  ) {}

  get version(): string {
    return (this.context.extension.packageJSON as { version: string }).version;
  }

  private get managed(): string {
    return path.join(this.context.globalStorageUri.fsPath, 'server');
  }

  /** Asks; starts the server where it does not run. Where another server takes its place meanwhile, as for a changed
   * setting, that one is asked, and `onAgain` is called: the parts come from the beginning. */
  async request<Result, Part = never>(
    method: string,
    params: object,
    token?: vscode.CancellationToken,
    onPart?: (part: Part) => void,
    onAgain?: () => void,
  ): Promise<Result> {
    const running = await this.started();
    try {
      return await running.request<Result, Part>(method, params, token, onPart);
    } catch (error) {
      if (running !== this.running && !token?.isCancellationRequested) {
        if (this.replaced.has(running)) {
          onAgain?.();
          return this.request(method, params, token, onPart, onAgain);
        }
        throw new Trouble("wherein's server stopped in the middle of an answer; it is started again.", [showLog]);
      }
      throw error;
    }
  }

  async started(): Promise<Running> {
    if (this.running) {
      return this.running;
    }
    this.starting ??= this.start().finally(() => (this.starting = undefined));
    return this.starting;
  }

  offers(command: string): boolean {
    return this.running?.offers(command) ?? false;
  }

  /** The program that would be started; Trouble where there is none. */
  program(): Program {
    const set = vscode.workspace.getConfiguration('wherein').inspect<string>('server.path')?.globalValue ?? '';
    const found = find(placesFor(set, this.managed));
    if (typeof found === 'string') {
      throw new Trouble(found, [settingButton('server.path')], 'error');
    }
    if (!found) {
      if (!wantedPackage()) {
        throw withoutPackage();
      }
      throw new Trouble('wherein needs its server, which is not on this machine yet.', [
        button('Install', 'wherein.installServer'),
        settingButton('server.path', 'Name Its Program'),
        openStart,
      ]);
    }
    return found;
  }

  isThere(): boolean {
    try {
      this.program();
      return true;
    } catch {
      return false;
    }
  }

  async restart(): Promise<void> {
    await this.stop(true);
    this.ends.length = 0;
    await this.started();
  }

  /** Installs what the extension manages, or brings it up to date. */
  async install(): Promise<void> {
    const there = this.isThere() ? this.program() : undefined;
    if (there && there.origin !== 'managed') {
      const chosen = await vscode.window.showInformationMessage(
        `wherein's server is on this machine already: ${there.file}`,
        'Use It',
      );
      return chosen ? this.restart() : undefined;
    }
    await this.stop(); // a program that runs cannot be replaced everywhere
    if (await install(this.managed, this.log)) {
      await this.restart();
      void vscode.window.showInformationMessage("wherein's server is installed.");
    }
  }

  async stop(forAnother = false): Promise<void> {
    const running = this.running ?? (await this.starting?.catch(() => undefined));
    if (running && forAnother) {
      this.replaced.add(running);
    }
    this.running = undefined;
    this.to('off');
    await running?.stop();
  }

  dispose(): void {
    void this.stop();
    this.states.dispose();
    this.notifications.dispose();
  }

  private async start(): Promise<Running> {
    const program = this.program();
    this.to('starting');
    try {
      const { Running } = await import('./client');
      const key = await this.context.secrets.get(API_KEY);
      const running: Running = await Running.start({
        file: program.file,
        options: {
          ...ownSettings(),
          ...(key ? { [API_KEY]: key } : {}),
          notify: ['wherein/stateChanged', 'wherein/indexChanged'],
          restricted: !vscode.workspace.isTrusted,
        },
        log: this.log,
        onCommand: (command, given) => this.onCommand(command, given),
        onNotification: (method, params) => this.notifications.fire({ method, params }),
        onGone: (why) => this.gone(why),
      });
      this.check(running, program);
      this.running = running;
      this.to('ready');
      return running;
    } catch (error) {
      this.to('failed');
      throw error;
    }
  }

  private check(running: Running, program: Program): void {
    const { name, version } = running;
    const fits = fit(this.version, version);
    this.log.info(`${program.file} is ${name} ${version}`);
    if (fits === 'fits' && name === 'wherein') {
      if (program.origin === 'managed' && wantedPackage() && before(version, this.version) && !this.updateOffered) {
        this.updateOffered = true;
        const newer = `wherein's server is ${version}; this extension brings ${this.version}.`;
        void tell(new Trouble(newer, [button('Update', 'wherein.installServer')], 'info'));
      }
      return;
    }
    void running.stop();
    const action =
      program.origin === 'managed' && wantedPackage() ? button('Update', 'wherein.installServer') : settingButton('server.path', 'Choose Another');
    const said = name === 'wherein' ? `version ${version}` : `no wherein (${name || 'it tells no name'})`;
    throw new Trouble(`This extension is ${this.version} and is not compatible with ${program.file}, which is ${said}.`, [action, showLog], 'error');
  }

  private gone(why: string): void {
    const running = this.running;
    this.running = undefined;
    void running?.stop();
    this.to('off');
    this.log.warn(`the server is gone: it ${why}`);
    const now = Date.now();
    this.ends.push(now);
    if (this.ends.filter((end) => now - end < WITHIN).length <= RESTARTS) {
      void this.started().catch((error: unknown) => this.log.error(String(error)));
      return;
    }
    this.to('failed');
    void tell(new Trouble(`wherein's server ended ${RESTARTS + 1} times within a short time: it ${why}.`, [button('Start It Again', 'wherein.restartServer'), showLog], 'error'));
  }

  private to(state: State): void {
    if (this.state !== state) {
      this.state = state;
      void vscode.commands.executeCommand('setContext', 'wherein.ready', state === 'ready');
      void vscode.commands.executeCommand('setContext', 'wherein.offersChanged', this.offers('wherein.changed'));
      this.states.fire(state);
    }
  }
}
