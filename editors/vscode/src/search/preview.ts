/** The code of the result that a list stands on; when the list is closed, everything is as it was. */
import * as vscode from 'vscode';
import { Before } from './before';
import { dark, open, type Place } from './places';

const AFTER = 60;
/** Milliseconds that a result is stood on before it is shown: who moves fast sees the last one only. */

export class Preview {
  private readonly before = new Before();
  private readonly hadTabs = new Set(vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(nameOf)));
  private timer: NodeJS.Timeout | undefined;
  private shown: vscode.TextEditor | undefined;
  private anything = false;
  /** of all that were shown */
  private readonly uris = new Set<string>();
  private opening = Promise.resolve();
  private over = false;

  show(place: Place): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.opening = this.opening.then(() => this.now(place));
    }, AFTER);
  }

  /** The list is closed and a result was chosen: what is shown stays. Ends when nothing is on its way any more. */
  keep(): Promise<void> {
    this.over = true;
    clearTimeout(this.timer);
    return this.opening;
  }

  /** The list is closed without a choice. */
  async undo(): Promise<void> {
    await this.keep(); // what is on its way would come after what was there before
    if (!this.anything) {
      return;
    }
    if (this.shown) {
      dark(this.shown);
    }
    await this.before.show();
    await this.closeShown();
  }

  /** The tab that was opened for what was stood on, where nobody wants it: it was not there before. */
  async closeShown(): Promise<void> {
    const left = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter((tab) => tab.isPreview && !this.hadTabs.has(nameOf(tab)) && this.uris.has(uriOf(tab) ?? ''));
    await vscode.window.tabGroups.close(left, true);
  }

  private async now(place: Place): Promise<void> {
    if (this.over) {
      return;
    }
    try {
      const editor = await open(place, { preview: true, preserveFocus: true });
      if (this.shown && this.shown !== editor) {
        dark(this.shown);
      }
      this.shown = editor;
      this.anything = true;
      this.uris.add((editor?.document.uri ?? vscode.Uri.parse(place.location.uri, true)).toString());
      if (this.over && editor) {
        dark(editor);
      }
    } catch {
      // a file that is gone has no preview; choosing it says so
    }
  }
}

function uriOf(tab: vscode.Tab): string | undefined {
  const { input } = tab;
  const shows = input instanceof vscode.TabInputText || input instanceof vscode.TabInputNotebook;
  return shows ? input.uri.toString() : undefined;
}

function nameOf(tab: vscode.Tab): string {
  return `${tab.group.viewColumn} ${uriOf(tab) ?? tab.label}`;
}
