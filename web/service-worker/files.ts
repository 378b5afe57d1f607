/**
 * The files of one build of the page, as the build writes them into the service worker.
 *
 * Knows: types only.
 */

/** One file. */
export interface BuildFile {
  /** Relative to the page; empty for the page itself. */
  readonly url: string;
  /** SHA-256, in hexadecimal. */
  readonly sha256: string;
  /**
   * When it is kept: `first` with the service worker itself, `later` when the page asks for it, `used` once it was fetched.
   */
  readonly when: "first" | "later" | "used";
}

/** One build. */
export interface Build {
  /** Tells builds apart. */
  readonly id: string;
  readonly files: readonly BuildFile[];
}
