import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Each has a config of its own: they need Python with PyTorch, a browser, or a long time.
    exclude: [
      ...configDefaults.exclude,
      ...[
        "test/parity/**",
        "test/dicom/**",
        "test/fuzz/**",
        "test/demo/**",
        "test/privacy/**",
        "test/**/*.long.test.ts",
        "test/hostile/cost-*.test.ts",
        "test/load/**",
        "test/cluster/**",
        "test/pacs/**",
        "test/browser/**",
        "test/page/**",
        "test/package/**",
        "test/notebooks/**",
      ],
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // One process for many files: they share the modules that they import. A test that changes what they share (the
    // environment, the working directory, timers) puts it back.
    isolate: false,
    // Half of the tests wait for a command: two at a time take little more than half as long.
    maxWorkers: Math.max(2, Math.floor(availableParallelism() / 2)),
  },
});
