import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/page/**/*.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Each file starts a browser, whose network uses all cores.
    fileParallelism: false,
  },
});
