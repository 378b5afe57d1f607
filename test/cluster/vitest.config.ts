import { defineConfig } from "vitest/config";

/** Many images in shards: workers that are killed, servers that fail, schedulers. One file at a time, since each keeps all cores busy. */
export default defineConfig({
  test: {
    include: ["test/cluster/**/*.test.ts"],
    exclude: ["test/cluster/**/*.soak.test.ts"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    fileParallelism: false,
  },
});
