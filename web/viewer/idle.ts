/**
 * Work for when the page has nothing else to do, a piece at a time.
 *
 * Knows: the browser's idle time.
 */

/** Safari has no idle callbacks. */
const whenIdle: (run: () => void) => void =
  typeof requestIdleCallback === "function"
    ? (run) => requestIdleCallback(run)
    : (run) => setTimeout(run, 50);

/**
 * Do pieces of work in idle time.
 *
 * @param isWanted  Asked before each piece; the rest is dropped once it says no.
 */
export function inIdleTime(pieces: readonly (() => void)[], isWanted: () => boolean): void {
  const [first, ...others] = pieces;
  if (first === undefined) return;
  whenIdle(() => {
    if (!isWanted()) return;
    first();
    inIdleTime(others, isWanted);
  });
}
