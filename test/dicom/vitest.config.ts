import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/dicom/**/*.dicom.test.ts"],
    globalSetup: ["test/dicom/global-setup.ts"],
    testTimeout: 300_000,
    hookTimeout: 600_000,
  },
});
