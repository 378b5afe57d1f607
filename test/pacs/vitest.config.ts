import { defineConfig } from "vitest/config";

/** Archives and viewers: Orthanc, dcmtk's network commands, and OHIF in Chromium, all on loopback. */
export default defineConfig({
  test: {
    include: ["test/pacs/**/*.test.ts"],
    exclude: ["test/pacs/**/*.soak.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // One file at a time, since each keeps the cores busy.
    fileParallelism: false,
  },
});
