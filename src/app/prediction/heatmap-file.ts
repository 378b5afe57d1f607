/**
 * The `--heatmaps` file: raw maps of all images of a run, in order.
 *
 * [labels, h, w] for one image, [n, labels, h, w] for several. The row of a failed image is filled with NaN, so that
 * row i always belongs to image i.
 */

import { npyHeader } from "../../formats/npy.ts";
import { AtomicFile } from "../../node/files.ts";
import { bytesOf } from "../../tensor.ts";

export class HeatmapFile {
  readonly #file: AtomicFile;
  readonly #size: number;

  private constructor(file: AtomicFile, size: number) {
    this.#file = file;
    this.#size = size;
  }

  /** @param map  Number of labels, and height and width of one image's maps. */
  static async create(
    path: string,
    images: number,
    map: readonly [number, number, number],
  ): Promise<HeatmapFile> {
    const file = await AtomicFile.create(path);
    await file.write(npyHeader(images === 1 ? map : [images, ...map]));
    return new HeatmapFile(file, map[0] * map[1] * map[2]);
  }

  /** Write the next image's maps; undefined if the image failed. */
  async add(maps: Float32Array | undefined): Promise<void> {
    await this.#file.write(bytesOf(maps ?? new Float32Array(this.#size).fill(Number.NaN)));
  }

  commit(): Promise<void> {
    return this.#file.commit();
  }

  discard(): Promise<void> {
    return this.#file.discard();
  }
}
