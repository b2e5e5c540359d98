/** A real VS Code: code-server on a loopback port, with a home, settings and extensions of its own. */
import { execFileSync, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { end, folder, start } from './children';
import { until } from './until';

const TOOLS = path.resolve(process.env['WHEREIN_CODE_SERVER'] ?? 'test/code-server');
const PROGRAM = path.join(TOOLS, 'node_modules/.bin/code-server');

export interface Given {
  /** of wherein */
  settings?: Record<string, unknown>;
  /** of the editor */
  editor?: Record<string, unknown>;
  trust?: boolean;
  environment?: NodeJS.ProcessEnv;
}

export class CodeServer {
  readonly home = folder('home');
  private child: ChildProcess | undefined;
  private port = 0;

  constructor(private readonly given: Given = {}) {
    this.write('User', { ...this.usual, ...given.editor });
    this.set(given.settings ?? {});
  }

  get data(): string {
    return path.join(this.home, 'data');
  }

  get log(): string {
    return fs.readFileSync(path.join(this.home, 'log'), 'utf8');
  }

  /** Writes the settings of this machine, where those that no folder may set belong; an open window takes them over. */
  set(settings: Record<string, unknown>): void {
    this.write('Machine', settings);
  }

  private write(of: 'Machine' | 'User', settings: Record<string, unknown>): void {
    const file = path.join(this.data, of, 'settings.json');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, JSON.stringify(settings)); // in its place: it is watched
  }

  private get usual(): Record<string, unknown> {
    return {
      'workbench.startupEditor': 'none',
      'workbench.colorTheme': 'Default Dark Modern',
      'security.workspace.trust.startupPrompt': 'never',
      'security.workspace.trust.banner': 'never',
      'telemetry.telemetryLevel': 'off',
      'extensions.ignoreRecommendations': true,
      'git.openRepositoryInParentFolders': 'never',
      'chat.commandCenter.enabled': false,
      'workbench.tips.enabled': false,
    };
  }

  install(vsix: string): void {
    execFileSync(PROGRAM, [...this.options, '--install-extension', vsix], { env: this.environment, stdio: 'pipe' });
  }

  async start(): Promise<void> {
    this.port = await freePort();
    const log = fs.openSync(path.join(this.home, 'log'), 'a');
    const given = ['--bind-addr', `127.0.0.1:${this.port}`, '--auth', 'none', '--disable-telemetry', '--disable-update-check'];
    given.push('--disable-getting-started-override', ...(this.given.trust ? [] : ['--disable-workspace-trust']));
    this.child = start(PROGRAM, [...this.options, ...given], { env: this.environment, stdio: ['ignore', log, log] });
    fs.closeSync(log);
    await until('code-server answers', async () => (await fetch(`http://127.0.0.1:${this.port}/healthz`)).ok);
  }

  /** of a window with a folder, or with those of a workspace file, or with none; an extension runs beside the installed ones */
  url({ folder, workspace, extension }: { folder?: string | undefined; workspace?: string; extension?: string } = {}): string {
    const address = `127.0.0.1:${this.port}`;
    const query = new URLSearchParams(workspace ? [['workspace', workspace]] : folder ? [['folder', folder]] : [['ew', 'true']]);
    if (extension) {
      query.set('payload', JSON.stringify([['extensionDevelopmentPath', `vscode-remote://${address}${extension}`]]));
    }
    return `http://${address}/?${query.toString().replaceAll('+', '%20')}`;
  }

  /** What a pattern's first group matches in the extension's logs. */
  logged(pattern: RegExp): string[] {
    const logs = path.join(this.data, 'logs');
    const files = fs.readdirSync(logs, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('wherein.log'));
    const lines = files.flatMap((name) => fs.readFileSync(path.join(logs, name), 'utf8').split('\n'));
    return lines.flatMap((line) => pattern.exec(line)?.[1] ?? []);
  }

  async stop(): Promise<void> {
    await (this.child && end(this.child));
  }

  private get options(): string[] {
    return ['--config', '/dev/null', '--user-data-dir', this.data, '--extensions-dir', path.join(this.home, 'extensions')];
  }

  get environment(): NodeJS.ProcessEnv {
    const { home } = this;
    const own = { HOME: home, XDG_CONFIG_HOME: `${home}/config`, XDG_DATA_HOME: `${home}/share`, XDG_CACHE_HOME: `${home}/cache` };
    const kept = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|WHEREIN_|NODE_)/.test(name));
    return { ...Object.fromEntries(kept), ...own, ...this.given.environment };
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
