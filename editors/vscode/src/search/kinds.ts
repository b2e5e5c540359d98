/** The icon of each kind of chunk, by VS Code's names. */
const ICONS: Record<string, string> = {
  function: 'symbol-function',
  method: 'symbol-method',
  constructor: 'symbol-constructor',
  macro: 'symbol-function',
  class: 'symbol-class',
  struct: 'symbol-structure',
  interface: 'symbol-interface',
  trait: 'symbol-interface',
  impl: 'symbol-class',
  enum: 'symbol-enum',
  namespace: 'symbol-namespace',
  type: 'symbol-class',
  constant: 'symbol-constant',
  module: 'symbol-module',
  section: 'book',
  cue: 'comment',
  cell: 'notebook',
  rule: 'symbol-ruler',
  table: 'table',
  key: 'symbol-key',
  target: 'symbol-event',
  text: 'symbol-file',
};

export function iconOf(kind: string): string {
  return ICONS[kind] ?? 'symbol-misc';
}
