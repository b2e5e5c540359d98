/** What a server of the extension's own is installed from: a place that somebody named, never a name alone, which a
 * stranger could register with the index that pip asks. */

/** The user's setting, else what the extension was built with; undefined where neither names anything. */
export function packageToInstall(set: string | undefined, built: string): string | undefined {
  return set?.trim() || built.trim() || undefined;
}
