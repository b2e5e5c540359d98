/** The panel beside the code, in which answers are written. */
import * as vscode from 'vscode';
import type { FromPage, ToPage } from './messages';
import { page } from './page';

export class Panel {
  private readonly view: vscode.WebviewPanel;
  private readonly waiting: ToPage[] = [];
  private ready = false;

  constructor(extension: vscode.Uri, said: (message: FromPage) => void, closed: () => void) {
    this.view = vscode.window.createWebviewPanel(
      'wherein.answers',
      'wherein',
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      {
        enableScripts: true,
        enableCommandUris: false,
        retainContextWhenHidden: true,
        localResourceRoots: [vscode.Uri.joinPath(extension, 'dist'), vscode.Uri.joinPath(extension, 'media')],
      },
    );
    const icon = (shade: string): vscode.Uri => vscode.Uri.joinPath(extension, 'media', `panel-${shade}.svg`);
    this.view.iconPath = { dark: icon('dark'), light: icon('light') };
    this.view.webview.onDidReceiveMessage((message: FromPage) => {
      if (message.type === 'ready') {
        this.ready = true;
        this.waiting.splice(0).forEach((each) => this.say(each));
      } else {
        said(message);
      }
    });
    this.view.onDidDispose(closed);
    this.view.webview.html = page(this.view.webview, extension);
  }

  /** Columns other than the panel's own are for code. */
  get column(): vscode.ViewColumn | undefined {
    return this.view.viewColumn;
  }

  say(message: ToPage): void {
    if (this.ready) {
      void this.view.webview.postMessage(message);
    } else {
      this.waiting.push(message);
    }
  }

  reveal(): void {
    this.view.reveal(undefined, true);
  }
}
