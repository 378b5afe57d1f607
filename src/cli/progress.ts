/**
 * Progress bars on stderr, shown only if a person is watching.
 *
 * Knows: terminals.
 */

export interface ProgressBar {
  /** @param payload  Values of custom placeholders. */
  update(done: number, total?: number, payload?: Readonly<Record<string, string>>): void;
  stop(): void;
}

const SILENT: ProgressBar = { update: () => undefined, stop: () => undefined };

/**
 * Start a bar. If stderr is not a terminal, nothing is shown.
 *
 * @param format  cli-progress placeholders: `{bar} {value}/{total} {eta_formatted}`.
 */
export async function startProgress(total: number, format: string): Promise<ProgressBar> {
  if (!process.stderr.isTTY) return SILENT;
  const { SingleBar, Presets } = await import("cli-progress");
  // Leave the cursor and line wrapping as they are, since Ctrl-C may end the program before anything restores them.
  const settings = {
    hideCursor: false,
    linewrap: true,
    barsize: 28,
    clearOnComplete: true,
    etaBuffer: 50,
    fps: 8,
  };
  const bar = new SingleBar({ format, stream: process.stderr, ...settings }, Presets.shades_classic);
  bar.start(total, 0, { rate: "" });
  return {
    update(done, newTotal, payload = {}) {
      if (newTotal !== undefined) bar.setTotal(newTotal);
      bar.update(done, payload);
    },
    stop: () => bar.stop(),
  };
}

/** Show a bar during long work. */
export async function withBar<T>(
  what: string,
  work: (onProgress: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  const bar = await startProgress(0, `{bar} {value}/{total} ${what}, {eta_formatted} left`);
  try {
    return await work((done, total) => bar.update(done, total));
  } finally {
    bar.stop();
  }
}
