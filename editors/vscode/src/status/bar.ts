/** The item in the status bar: freshness, progress, trouble; a click searches. */
import * as vscode from 'vscode';
import type { Connection } from '../server/connection';
import { Standing, type IndexTold, type StateTold } from './state';

export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('wherein', vscode.StatusBarAlignment.Right, 90);
  private readonly standing = new Standing();
  private readonly folders = vscode.workspace.onDidChangeWorkspaceFolders(() => this.draw());

  constructor(private readonly connection: Connection) {
    this.item.name = 'wherein';
    connection.onState(() => this.draw());
    connection.onNotification(({ method, params }) => {
      if (method === 'wherein/stateChanged') {
        this.standing.state(params as StateTold);
      } else {
        this.standing.index(params as IndexTold);
      }
      this.draw();
    });
    this.draw();
    this.item.show();
  }

  dispose(): void {
    this.folders.dispose();
    this.item.dispose();
  }

  private draw(): void {
    const item = this.item;
    item.backgroundColor = undefined;
    item.command = 'wherein.searchCode';
    switch (this.connection.state) {
      case 'off':
        this.standing.clear();
        this.say('$(search) wherein', 'Search code');
        break;
      case 'starting':
        this.say('$(loading~spin) wherein', "wherein's server is starting.");
        break;
      case 'failed':
        item.command = 'wherein.restartServer';
        this.warn('$(warning) wherein', "wherein's server is not running. Click to start it.");
        break;
      case 'ready': {
        const open = new Set(vscode.workspace.workspaceFolders?.map((each) => each.uri.toString()));
        const { text, tooltip, wrong } = this.standing.look((folder) => open.has(folder));
        if (wrong) {
          item.command = 'wherein.showStatus';
          this.warn(text, `${tooltip} Click for more.`);
        } else {
          this.say(text, `${tooltip} Click to search.`);
        }
      }
    }
  }

  private say(text: string, tooltip: string): void {
    this.item.text = text;
    this.item.tooltip = `wherein: ${tooltip}`;
    this.item.accessibilityInformation = { label: `wherein: ${tooltip}` };
  }

  private warn(text: string, tooltip: string): void {
    this.say(text, tooltip);
    this.item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
  }
}
