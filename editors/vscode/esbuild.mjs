// Bundles the extension and the page of its panel into dist/; with --tests also the unit tests into out/.
import { copyFileSync } from 'node:fs';
import { build } from 'esbuild';

const common = { bundle: true, minify: true, legalComments: 'none', logLevel: 'warning' };

await build({
  ...common,
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.js',
  platform: 'node',
  target: 'node18',
  format: 'cjs',
  external: ['vscode'],
  banner: { js: 'const __begun = performance.now();' },
  // where a server is installed from, unless a setting says otherwise: `./install vscode` names its clone, and
  // without a name no server is installed
  define: { __SERVER_PACKAGE__: JSON.stringify(process.env.WHEREIN_SERVER_PACKAGE ?? '') },
});
await build({
  ...common,
  entryPoints: ['src/panel/main.ts'],
  outfile: 'dist/panel.js',
  platform: 'browser',
  target: 'es2022',
  format: 'iife',
});
if (process.argv.includes('--tests')) {
  await build({
    ...common,
    minify: false,
    entryPoints: { unit: 'test/unit.ts', usual: 'test/editor/usual.test.ts', unusual: 'test/editor/unusual.test.ts', host: 'test/editor/host.test.ts', hooks: 'test/editor/hooks.test.ts', calls: 'test/editor/calls.test.ts', pictures: 'test/editor/pictures.ts', speed: 'test/editor/speed.ts' },
    outdir: 'out',
    outExtension: { '.js': '.mjs' },
    external: ['playwright-core'],
    platform: 'node',
    target: 'node20',
    format: 'esm',
  });
  await build({
    ...common,
    minify: false,
    entryPoints: ['test/host/extension.ts'],
    outfile: 'out/host/extension.js',
    external: ['vscode'],
    platform: 'node',
    target: 'node20',
    format: 'cjs',
  });
  copyFileSync('test/host/package.json', 'out/host/package.json');
}
