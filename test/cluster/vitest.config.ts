import { defineConfig } from "vitest/config";

/** Many images on many processes: shards, plans and merging, Slurm itself, and the manifests for Kubernetes. */
export default defineConfig({
  test: {
    include: ["test/cluster/**/*.test.ts"],
    // Slurm looks for work every second or two, and a task that is put back waits for some seconds.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Each file keeps all cores busy, and the tasks of Slurm take their turns.
    fileParallelism: false,
  },
});
