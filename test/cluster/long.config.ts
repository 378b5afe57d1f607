import { defineConfig, mergeConfig } from "vitest/config";
import short from "./vitest.config.ts";

/** The long form, over thousands of images. */
export default mergeConfig(
  { test: { ...short.test, include: [], exclude: [] } },
  defineConfig({
    test: { include: ["test/cluster/**/*.soak.test.ts"], testTimeout: 3_600_000, hookTimeout: 3_600_000 },
  }),
);
