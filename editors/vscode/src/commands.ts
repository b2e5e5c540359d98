/** Every command, by its name; what goes wrong in one is told once, with what helps. */
import * as vscode from 'vscode';
import { Explanations } from './explain/explanations';
import { asTarget } from './given';
import { installHook, removeHook } from './hook';
import type { Hit } from './protocol';
import { troubleOf } from './remedies';
import type { Results } from './results';
import { List } from './search/list';
import { copyPlace, open, placeOfHit } from './search/places';
import { showChanges } from './search/changes';
import { Searches } from './search/search';
import type { Connection } from './server/connection';
import { API_KEY } from './settings';
import { showStatus } from './status/report';
import { tell, type Trouble } from './trouble';

type Handler = (given: never) => unknown;

export function register(context: vscode.ExtensionContext, connection: Connection, results: Results): vscode.Disposable[] {
  const searches = new Searches(connection, context.workspaceState);
  searches.onSearched(({ query, found, inWords }) => results.add(query, found, inWords));
  const explanations = new Explanations(connection, context.extensionUri);

  const handlers: Record<string, Handler> = {
    searchCode: (query?: unknown) => searches.search(typeof query === 'string' ? query : undefined),
    resumeSearch: () => searches.resume(),
    searchSelection: () => searches.selection(),
    findSimilar: (target: unknown) => searches.similar(asTarget(target)),
    findCallers: (target: unknown) => searches.callers(asTarget(target)),
    findCallees: (target: unknown) => searches.callees(asTarget(target)),
    goToSymbol: () => searches.symbol(),
    whatChanged: () => showChanges(connection),
    openToSide: () => List.openActiveToSide(),
    copyPlace: () => List.activeHit && copyPlace(List.activeHit),
    explainThis: (target: unknown) => explanations.explain(asTarget(target)),
    explainAfterPrompt: (target: unknown) => explanations.explain(asTarget(target), true),
    askQuestion: (question?: unknown) => explanations.ask(typeof question === 'string' ? question : undefined),
    reindexNow: () => reindex(connection, false),
    rebuildIndex: () => reindex(connection, true),
    showStatus: () => showStatus(connection),
    installHook: () => installHook(connection),
    removeHook: () => removeHook(connection),
    installServer: () => connection.install(),
    restartServer: () => connection.restart(),
    setApiKey: () => setApiKey(context, connection),
    showLog: () => connection.log.show(),
    'results.open': (hit: Hit) => open(placeOfHit(hit)),
    'results.again': (node: Parameters<Results['again']>[0]) => results.again(node),
    'results.remove': (node: Parameters<Results['remove']>[0]) => results.remove(node),
    'results.side': (node: Parameters<Results['side']>[0]) => results.side(node),
    'results.copy': (node: Parameters<Results['copy']>[0]) => results.copy(node),
    'results.clear': () => results.clear(),
  };

  // code actions of the server name its commands: what they do is shown in this editor's own way
  connection.onCommand = (command, given) => {
    const own = { 'wherein.explain': 'explainThis', 'wherein.related': 'findSimilar' }[command];
    const target = asTarget(given);
    if (!own || !target) {
      return false;
    }
    void vscode.commands.executeCommand(`wherein.${own}`, target);
    return true;
  };

  return Object.entries(handlers).map(([name, handler]) =>
    vscode.commands.registerCommand(`wherein.${name}`, async (given: never) => {
      try {
        return await handler(given);
      } catch (error) {
        const trouble = troubleOf(error);
        if (trouble) {
          note(connection, trouble, error);
          void tell(trouble);
        }
        return undefined;
      }
    }),
  );
}

/** In the log: what went wrong, and of what should not have, where. */
function note({ log }: Connection, trouble: Trouble, error: unknown): void {
  if (trouble.severity === 'warning') {
    log.warn(trouble.message);
  } else if (trouble.severity === 'error') {
    log.error(error instanceof Error ? (error.stack ?? error.message) : trouble.message);
  }
}

async function reindex(connection: Connection, force: boolean): Promise<void> {
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Indexing', cancellable: true },
    (_, token) => connection.request('wherein/reindex', { force }, token),
  );
  void vscode.window.setStatusBarMessage('wherein: the index is up to date', 5_000);
}

async function setApiKey(context: vscode.ExtensionContext, connection: Connection): Promise<void> {
  const key = await vscode.window.showInputBox({
    title: "wherein: Key of the Language Model's Server",
    prompt: 'It is kept in the key store of this machine and sent only to the server of wherein.llm.base_url. Leave it empty for none.',
    password: true,
    ignoreFocusOut: true,
  });
  if (key === undefined) {
    return;
  }
  await (key ? context.secrets.store(API_KEY, key) : context.secrets.delete(API_KEY));
  if (connection.state === 'ready') {
    await connection.restart();
  }
}
