import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/privacy/**/*.test.ts"],
    // Processes are watched for a while after their work; most of that is waiting.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
