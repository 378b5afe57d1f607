/**
 * The settings of the threads that draw phantoms.
 *
 * Knows: types only, and none of the code that draws.
 */

/** The settings that a thread starts with. */
export interface PhantomSettings {
  readonly seed: number;
  /** Width and height in pixels. */
  readonly size: number;
  /** Folder of the images. */
  readonly folder: string;
}
