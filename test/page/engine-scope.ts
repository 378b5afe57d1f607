/** What the page of `in-page/engine.ts` has in its global scope, without the types of a browser. */

import type { LoadedCard } from "../../src/engine/model.ts";
import type { ErasedReading, FinerMap, ImageReading, ViewerPicture } from "../../web/engine/reading.ts";

/** `PageEngine` of web/engine/page-engine.ts. */
export interface TestedEngine {
  readonly facts: { readonly name: string; readonly device: string; readonly card: LoadedCard };
  sha256(): Promise<string>;
  read(image: Blob, name: string, options?: object): Promise<ImageReading>;
  look(image: Blob, name: string, options?: object): Promise<ViewerPicture>;
  finer(image: Blob, name: string, finding: string): Promise<FinerMap>;
  erase(image: Blob, name: string, mask: Uint8Array): Promise<ErasedReading>;
  release(): Promise<void>;
}

interface PageModel {
  readonly name: string;
  readonly bytes: number;
}

interface StorageReport {
  readonly model: number;
  readonly app: number;
  readonly examples: number;
  readonly total: number;
}

/** What the page's script puts there. */
export interface EngineScope {
  readonly PageEngine: { load(model: unknown, options?: object): Promise<TestedEngine> };
  fetchPageFacts(): Promise<{ readonly model: PageModel }>;
  pageModel(model: PageModel): Promise<Blob>;
  isKept(model: PageModel): Promise<boolean>;
  storageReport(): Promise<StorageReport>;
  removeEverything(): Promise<void>;
}
