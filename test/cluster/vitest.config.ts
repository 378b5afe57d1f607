import { defineConfig } from "vitest/config";

/** Many images in shards: workers that are killed, servers that fail, Slurm itself, and the manifests for Kubernetes. */
export default defineConfig({
  test: {
    include: ["test/cluster/**/*.test.ts"],
    exclude: ["test/cluster/**/*.soak.test.ts"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // One file at a time, since each keeps all cores busy.
    fileParallelism: false,
  },
});
