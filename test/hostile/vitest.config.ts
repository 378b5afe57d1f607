import { defineConfig } from "vitest/config";

/** The cost of files that lie about themselves, each measured in its own process. */
export default defineConfig({
  test: { include: ["test/hostile/cost-*.test.ts"], testTimeout: 60_000, maxWorkers: 2 },
});
