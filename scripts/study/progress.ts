/** Progress on stderr: a line when a part begins, and one for every tenth of it. */

/** @returns  To be called with what is done, and of how much. */
export function progressOf(what: string): (done: number, total: number) => void {
  const start = performance.now();
  let shown = 0;
  process.stderr.write(`${what}\n`);
  return (done, total) => {
    const tenths = Math.floor((10 * done) / total);
    if (tenths === shown) return;
    shown = tenths;
    const seconds = Math.round((performance.now() - start) / 1000);
    process.stderr.write(`  ${done} of ${total}, ${seconds} s\n`);
  };
}
