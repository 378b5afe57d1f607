import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/notebooks/**/*.test.ts"],
    // Each of the two files with notebooks leaves a core idle for much of its time.
    maxWorkers: 2,
    // Notebooks train and evaluate.
    testTimeout: 600_000,
    hookTimeout: 900_000,
  },
});
