/** The panel's page: our script and style and nothing else, by a policy that lets nothing be loaded or run. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

export function page(webview: vscode.Webview, extension: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const script = webview.asWebviewUri(vscode.Uri.joinPath(extension, 'dist', 'panel.js'));
  const style = webview.asWebviewUri(vscode.Uri.joinPath(extension, 'media', 'panel.css'));
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource}; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${style.toString()}">
<title>wherein</title>
</head>
<body hidden>
<main id="turns" aria-live="polite"></main>
<div id="follow"><textarea id="question" rows="1" placeholder="Ask a follow-up" aria-label="Ask a follow-up"></textarea><button id="ask">Ask</button></div>
<script nonce="${nonce}" src="${script.toString()}"></script>
</body>
</html>`;
}
