import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/notebooks/**/*.test.ts"],
    // Notebooks train and evaluate.
    testTimeout: 600_000,
    hookTimeout: 900_000,
  },
});
