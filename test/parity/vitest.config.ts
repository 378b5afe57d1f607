import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/parity/**/*.test.ts"],
    globalSetup: ["test/parity/global-setup.ts"],
    // Each file loads its own networks, and ONNX Runtime uses every core.
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 600_000,
  },
});
