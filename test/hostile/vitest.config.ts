import { defineConfig } from "vitest/config";

/** What files cost that lie about themselves: each in a process of its own, measured. */
export default defineConfig({
  test: { include: ["test/hostile/cost-*.test.ts"], testTimeout: 60_000, maxWorkers: 2 },
});
