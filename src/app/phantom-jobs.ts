/**
 * What the threads that draw phantoms start with, and what marks a folder of phantoms.
 *
 * Knows: no code that draws.
 */

/** The file that says that a folder's images are drawn, and how. */
export const PHANTOM_NOTE = "phantom.json";

/** What a thread starts with. */
export interface PhantomSettings {
  readonly seed: number;
  /** Width and height in pixels. */
  readonly size: number;
  /** Folder of the images. */
  readonly folder: string;
}
