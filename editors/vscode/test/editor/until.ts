/** Waiting for a condition, never for a time. */

export const PATIENCE = Number(process.env['WHEREIN_PATIENCE'] ?? 120) * 1_000;
/** Milliseconds that a condition is waited for: a machine that is busy with other tests is slow. */

export async function until(what: string, holds: () => boolean | Promise<boolean>, patience = PATIENCE): Promise<void> {
  const end = Date.now() + patience;
  for (;;) {
    let last: unknown = '';
    try {
      if (await holds()) {
        return;
      }
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      throw new Error(`waited in vain: ${what} ${String(last)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
