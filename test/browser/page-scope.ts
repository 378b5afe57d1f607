/** What a page under test has in its global scope: the part of the library that tests call. */

import type { Explanation, Model } from "../../src/engine/model.ts";
import type { RgbPixels } from "../../src/report/overlay/pixels.ts";

type Source = Uint8Array | Blob | URL | string;

export interface PageModel extends Omit<Model, "predict" | "explain"> {
  readonly device: string;
  readonly threads: number;
  predict(images: readonly Source[], reading?: object): ReturnType<Model["predict"]>;
  explain(image: Source, options?: object): Promise<Explanation>;
  overlay(image: Source, options?: object): Promise<RgbPixels>;
}

export interface PageLibrary {
  loadModel(source: Source, options?: object): Promise<PageModel>;
  readonly XrayError: new () => Error;
}
