/** The extension's own environment with the server in it, made after asking, by uv or the user's Python. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { button, openStart, settingButton, showLog, Trouble } from '../trouble';
import { expanded } from './find';
import { packageToInstall } from './package';
import { LEAST, look, type Maker } from './python';

declare const __SERVER_PACKAGE__: string;

const windows = process.platform === 'win32';

/** What would be installed; undefined where nothing names it. */
export function wantedPackage(): string | undefined {
  const set = vscode.workspace.getConfiguration('wherein').inspect<string>('server.package')?.globalValue;
  const wanted = packageToInstall(set, __SERVER_PACKAGE__);
  return wanted && expanded(wanted, os.homedir());
}

/** Asks, and installs. False where the user would rather not. */
export async function install(folder: string, log: vscode.LogOutputChannel): Promise<boolean> {
  const wanted = wantedPackage();
  if (!wanted) {
    throw withoutPackage();
  }
  const { maker, old } = await look(process.env, windows);
  if (!maker) {
    throw withoutPython(old);
  }
  const by = maker.tool === 'uv' ? 'uv' : `Python ${maker.version}`;
  const chosen = await vscode.window.showInformationMessage(
    `Install wherein's server (${wanted}, about 160 MB) with ${by} into a folder of this extension?`,
    { modal: true, detail: `${folder}\n\nNothing else on this machine is changed. The packages come from where pip gets them.` },
    'Install',
  );
  if (chosen !== 'Install') {
    return false;
  }
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: "Installing wherein's server", cancellable: true },
    (progress, token) => make(folder, wanted, maker, log, progress, token),
  );
  return true;
}

async function make(
  folder: string,
  wanted: string,
  maker: Maker,
  log: vscode.LogOutputChannel,
  progress: vscode.Progress<{ message: string }>,
  token: vscode.CancellationToken,
): Promise<void> {
  await fs.mkdir(path.dirname(folder), { recursive: true });
  const python = path.join(folder, windows ? 'Scripts/python.exe' : 'bin/python');
  const steps: [string, string, string[]][] =
    maker.tool === 'uv'
      ? [
          ['making the environment', maker.file, ['venv', '--clear', '--python', `>=${LEAST.join('.')}`, folder]],
          ['fetching packages', maker.file, ['pip', 'install', '--python', python, wanted]],
        ]
      : [
          ['making the environment', maker.file, ['-m', 'venv', '--clear', folder]],
          ['fetching packages', python, ['-m', 'pip', 'install', '--disable-pip-version-check', '--progress-bar', 'off', wanted]],
        ];
  try {
    for (const [message, file, given] of steps) {
      progress.report({ message });
      await run(file, given, log, token, (line) => {
        const name = /^(?:Collecting|Downloading|Building wheel for) ([\w.-]+)/.exec(line)?.[1];
        if (name) {
          progress.report({ message: name });
        }
      });
    }
  } catch (error) {
    await fs.rm(folder, { recursive: true, force: true }); // half an environment would be found next time
    throw error;
  }
}

function run(
  file: string,
  given: string[],
  log: vscode.LogOutputChannel,
  token: vscode.CancellationToken,
  onLine: (line: string) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    log.info(`${file} ${given.join(' ')}`);
    const child = spawn(file, given, { cwd: os.homedir(), windowsHide: true });
    const cancelled = token.onCancellationRequested(() => child.kill());
    const said: string[] = [];
    const read = (piece: Buffer): void => {
      for (const line of piece.toString().split('\n').filter((each) => each.trim())) {
        log.info(line);
        onLine(line);
        said.push(line.trim());
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', reject);
    child.on('close', (code) => {
      cancelled.dispose();
      if (code === 0) {
        resolve();
      } else if (token.isCancellationRequested) {
        reject(new vscode.CancellationError());
      } else {
        reject(new Trouble(reason(said), [again, showLog], 'error'));
      }
    });
  });
}

function reason(said: string[]): string {
  if (said.some((line) => line.includes('ensurepip'))) {
    return 'This Python cannot make virtual environments: on Debian, install python3-venv.';
  }
  const why = said.find((line) => /^(error|×|╰─)/i.test(line)) ?? said.at(-1) ?? 'it does not say why';
  return `wherein's server could not be installed: ${why}`;
}

const again = button('Try Again', 'wherein.installServer');

/** Nothing says where a server would come from. */
export function withoutPackage(): Trouble {
  return new Trouble("wherein needs its server, which is not on this machine yet: run ./install in a clone of wherein.", [
    { title: 'How to Get It', run: () => vscode.commands.executeCommand('extension.open', 'wherein.wherein') },
    settingButton('server.path', 'Name Its Program'),
    openStart,
  ]);
}

function withoutPython(old: string[]): Trouble {
  const wanted = `Python ${LEAST.join('.')} or newer`;
  const why = old.length
    ? `wherein's server needs ${wanted}; here is ${old.join(', ')}.`
    : `wherein's server needs ${wanted}, and none is on the PATH.`;
  const get: vscode.Uri = vscode.Uri.parse('https://www.python.org/downloads/');
  return new Trouble(why, [
    { title: 'Get Python', run: () => vscode.env.openExternal(get) },
    settingButton('server.path', 'Name the Server'),
    again,
  ]);
}
