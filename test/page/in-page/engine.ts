/** The page's engine without the page, for tests that make its calls themselves. `engine-scope.ts` has their types. */

import { PageEngine } from "../../../web/engine/page-engine.ts";
import { isKept, pageModel, removeEverything, storageReport } from "../../../web/storage/model-store.ts";
import { fetchPageFacts } from "../../../web/storage/page-facts.ts";

Object.assign(globalThis, {
  tested: { PageEngine, fetchPageFacts, pageModel, isKept, storageReport, removeEverything },
});
document.documentElement.dataset["state"] = "loaded";
