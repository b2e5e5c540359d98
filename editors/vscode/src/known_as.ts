/** What people call repositories and views, which a store keeps under names that nothing else has. */

/** A repository without the commit that tells it from others whose folder has its name. */
export function shortName(repository: string): string {
  return repository.replace(/(?<=.)@[0-9a-f]{8,12}$/su, '');
}

/** A branch, or the files on disk. */
export function viewName(view: string): string {
  const shown = /^(?:worktree:.+?-[0-9a-f]{8}|ref:(?<ref>.+?))(?::clone-[0-9a-f]{8})?(?::(?<below>.+))?$/su.exec(view)?.groups;
  if (!shown) {
    return view;
  }
  const where = shown['ref'] ?? 'files on disk';
  return shown['below'] ? `${where}, below ${shown['below']}` : where;
}
