/** The language client around one server process. Loaded when the server is first needed. */
import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  ProgressType,
  type LanguageClientOptions,
  type StreamInfo,
} from 'vscode-languageclient/node';
import { projectSettings } from '../settings';
import { showLog, Trouble } from '../trouble';
import { ServerProcess } from './process';

const STARTS_WITHIN = Number(process.env['WHEREIN_START_SECONDS'] ?? 30) * 1_000;
/** Milliseconds in which a server must have answered its first request. */

export interface Wanted {
  file: string;
  options: Record<string, unknown>;
  log: vscode.LogOutputChannel;
  /** commands of the server's code actions, done in the editor's own way; false where they are not */
  onCommand: (command: string, given: unknown) => boolean;
  onNotification: (method: string, params: unknown) => void;
  /** the connection is gone though nobody asked for it */
  onGone: (why: string) => void;
}

class Client extends LanguageClient {
  // every failure is told by who asked, once; the library's own messages repeat it without a remedy
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

export class Running {
  private constructor(
    private readonly client: Client,
    private readonly process: () => ServerProcess | undefined,
  ) {}

  static async start(wanted: Wanted): Promise<Running> {
    let process: ServerProcess | undefined;
    let wasReady = false;
    const spawn = async (): Promise<StreamInfo> => {
      process = new ServerProcess(wanted.file, (line) => wanted.log.info(line));
      await process.started();
      return { reader: process.reader, writer: process.writer };
    };
    const client = new Client('wherein', 'wherein', spawn, {
      ...options(wanted),
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          if (wasReady) {
            wanted.onGone(process?.ended ?? 'it closed its output');
          }
          return { action: CloseAction.DoNotRestart, handled: true };
        },
      },
    });
    for (const method of ['wherein/stateChanged', 'wherein/indexChanged']) {
      client.onNotification(method, (params: unknown) => wanted.onNotification(method, params));
    }
    let late: NodeJS.Timeout | undefined;
    try {
      await Promise.race([
        client.start(),
        new Promise((_, reject) => (late = setTimeout(() => reject(new Error('hangs')), STARTS_WITHIN))),
        new Promise((_, reject) => void untilEnd(() => process, reject)),
      ]);
      if (!client.initializeResult) {
        throw new Error('it ended'); // the library takes a connection that closes for a start
      }
    } catch (error) {
      process?.kill();
      throw notStarted(wanted.file, process, error);
    } finally {
      clearTimeout(late);
    }
    wasReady = true;
    return new Running(client, () => process);
  }

  get version(): string {
    return this.client.initializeResult?.serverInfo?.version ?? '';
  }

  get name(): string {
    return this.client.initializeResult?.serverInfo?.name ?? '';
  }

  offers(command: string): boolean {
    return this.client.initializeResult?.capabilities.executeCommandProvider?.commands.includes(command) ?? false;
  }

  async request<Result, Part>(
    method: string,
    params: object,
    token?: vscode.CancellationToken,
    onPart?: (part: Part) => void,
  ): Promise<Result> {
    // the library sends a token that is undefined as a second argument, and so no object but a list
    const send = (given: object): Promise<Result> =>
      token ? this.client.sendRequest<Result>(method, given, token) : this.client.sendRequest<Result>(method, given);
    if (!onPart) {
      return send(params);
    }
    const partialResultToken = `parts-${++counter}`;
    const listening = this.client.onProgress(new ProgressType<Part>(), partialResultToken, onPart);
    try {
      return await send({ ...params, partialResultToken });
    } finally {
      listening.dispose();
    }
  }

  async stop(): Promise<void> {
    try {
      await this.client.stop(2_000);
    } catch {
      // it did not answer; its process is ended below
    }
    await this.process()?.leave();
    await this.client.dispose().catch(() => undefined);
  }
}

let counter = 0;

function options(wanted: Wanted): LanguageClientOptions {
  return {
    documentSelector: [{ scheme: 'file' }],
    outputChannel: wanted.log,
    initializationOptions: wanted.options,
    initializationFailedHandler: () => false,
    connectionOptions: { maxRestartCount: 0 },
    middleware: {
      executeCommand: (command, given, next) =>
        wanted.onCommand(command, (given as unknown[])[0]) ? undefined : (next(command, given) as unknown),
      workspace: {
        configuration: (params) =>
          params.items.map((item) =>
            item.section === 'wherein' ? projectSettings(item.scopeUri ? vscode.Uri.parse(item.scopeUri) : undefined) : null,
          ),
      },
    },
  };
}

async function untilEnd(process: () => ServerProcess | undefined, ended: (error: Error) => void): Promise<void> {
  const look = setInterval(() => {
    const one = process();
    if (one?.ended !== undefined || one?.reader.strange !== undefined) {
      clearInterval(look);
      ended(new Error('ended'));
    }
  }, 50);
  setTimeout(() => clearInterval(look), STARTS_WITHIN);
  return Promise.resolve();
}

function notStarted(file: string, process: ServerProcess | undefined, error: unknown): Trouble {
  const actions = [restart, choose, showLog];
  if (process?.reader.strange !== undefined) {
    const said = process.reader.strange.split('\n')[0]?.slice(0, 80);
    return new Trouble(`${file} prints to its standard output what is no message: “${said}”.`, actions, 'error');
  }
  if (error instanceof Error && error.message === 'hangs') {
    return new Trouble(`wherein's server did not answer within ${STARTS_WITHIN / 1_000} seconds.`, actions, 'error');
  }
  const complaint = process?.complaints.filter((line) => line.trim()).at(-1);
  const why = complaint ?? process?.ended ?? (error instanceof Error ? error.message : String(error));
  return new Trouble(`wherein's server could not be started: ${why}`, actions, 'error');
}

const restart = { title: 'Try Again', run: () => vscode.commands.executeCommand('wherein.restartServer') };
const choose = {
  title: 'Choose Another',
  run: () => vscode.commands.executeCommand('workbench.action.openSettings', '@id:wherein.server.path'),
};
