/**
 * What the threads that draw phantoms start with.
 *
 * Knows: no code that draws.
 */

/** What a thread starts with. */
export interface PhantomSettings {
  readonly seed: number;
  /** Width and height in pixels. */
  readonly size: number;
  /** Folder of the images. */
  readonly folder: string;
}
