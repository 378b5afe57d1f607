import { defineConfig } from "vitest/config";

/** The server under load: a thousand requests at once, its queue, and its end. One file at a time, since each keeps all cores busy. */
export default defineConfig({
  test: {
    include: ["test/load/**/*.test.ts"],
    exclude: ["test/load/**/*.soak.test.ts"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    fileParallelism: false,
  },
});
