/**
 * Parts of the engine that are loaded when they are first needed. In a browser each is a script of its own.
 *
 * Knows: nothing of what they are.
 */

import { XrayError } from "../errors.ts";

/**
 * Load a part.
 *
 * @param script  The name of its script in a browser.
 * @param load    Imports it.
 * @throws        XrayError `browser/no-decoder`.
 */
export async function loadPart<T>(script: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const message = `a part of the engine could not be loaded; serve its script ${script} beside the others`;
    throw new XrayError("browser/no-decoder", message, {}, error);
  }
}
