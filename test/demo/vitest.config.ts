import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/demo/**/*.test.ts"],
    globalSetup: "test/demo/setup.ts",
    // A thousand phantoms are drawn and predicted.
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
