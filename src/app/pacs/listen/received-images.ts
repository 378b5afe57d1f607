/**
 * Received files as a source of images.
 *
 * Knows: the folder of received files.
 */

import { asXrayError } from "../../../errors.ts";
import { FinalError } from "../../../node/retry.ts";
import type { ArchiveImage, ImageSourcePort } from "../ports.ts";
import type { DurableFolder } from "../state/durable-folder.ts";

export class ReceivedImages implements ImageSourcePort {
  readonly #folder: DurableFolder;

  constructor(folder: DurableFolder) {
    this.#folder = folder;
  }

  /** @throws  XrayError `pacs/not-found`, which no other attempt can change, or `file/…`. */
  async fetch({ at }: ArchiveImage): Promise<Uint8Array> {
    try {
      return await this.#folder.read(at ?? "");
    } catch (error) {
      const known = asXrayError(error);
      // A message without the file's name, which stands for a UID.
      if (known.code === "file/not-found" || known.code === "file/not-regular")
        throw new FinalError(
          "pacs/not-found",
          "the received file is no longer in the state folder; send the image again",
          {},
        );
      throw known;
    }
  }
}
