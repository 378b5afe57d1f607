/**
 * What is said to the threads that draw phantoms, and what they answer.
 *
 * Knows: messages.
 */

import type { DrawnBox } from "../dataset/phantom/chest/scene.ts";
import type { XrayError } from "../errors.ts";

/** The file that says that a folder's images are drawn, and how. */
export const PHANTOM_NOTE = "phantom.json";

/** What a thread is told when it starts. */
export interface PhantomSettings {
  readonly seed: number;
  /** Width and height in pixels. */
  readonly size: number;
  /** Folder of the images. */
  readonly folder: string;
}

/** An image that was drawn and written, or why not. */
export type PhantomReply =
  | { readonly name: string; readonly boxes: readonly DrawnBox[] }
  | {
      readonly failure: {
        readonly code: XrayError["code"];
        readonly message: string;
        readonly details: Readonly<Record<string, unknown>>;
      };
    };
