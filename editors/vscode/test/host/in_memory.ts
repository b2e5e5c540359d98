/** A file system that is on no disk. */
import * as vscode from 'vscode';

export const VIRTUAL = vscode.Uri.parse('wherein-test:/virtual');

const TEXT = 'def charge_card(number):\n    """Charges a card."""\n    return number\n';

class InMemory implements vscode.FileSystemProvider {
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;

  stat(uri: vscode.Uri): vscode.FileStat {
    const type = uri.path.endsWith('.py') ? vscode.FileType.File : vscode.FileType.Directory;
    return { type, ctime: 0, mtime: 0, size: TEXT.length };
  }

  readDirectory(): [string, vscode.FileType][] {
    return [['payment.py', vscode.FileType.File]];
  }

  readFile(): Uint8Array {
    return Buffer.from(TEXT);
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  createDirectory(): void {
    throw vscode.FileSystemError.NoPermissions();
  }

  writeFile(): void {
    throw vscode.FileSystemError.NoPermissions();
  }

  delete(): void {
    throw vscode.FileSystemError.NoPermissions();
  }

  rename(): void {
    throw vscode.FileSystemError.NoPermissions();
  }
}

export const inMemory = new InMemory();
