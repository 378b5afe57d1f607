/**
 * The `--heatmaps` file: raw maps of all images of a run, in their order.
 *
 * [labels, h, w] for one image, [n, labels, h, w] for several. An image that failed leaves NaN in its place, so
 * that row i is always image i.
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

  /** @param map  Labels, height and width of one image's maps. */
  static async create(
    path: string,
    images: number,
    map: readonly [number, number, number],
  ): Promise<HeatmapFile> {
    const file = await AtomicFile.create(path);
    await file.write(npyHeader(images === 1 ? map : [images, ...map]));
    return new HeatmapFile(file, map[0] * map[1] * map[2]);
  }

  /** The next image's maps; undefined where it failed. */
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
