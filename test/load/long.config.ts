import { defineConfig, mergeConfig } from "vitest/config";
import short from "./vitest.config.ts";

/** The long form: the model at its full size, and memory over thousands of requests. */
export default mergeConfig(
  { test: { ...short.test, include: [], exclude: [] } },
  defineConfig({ test: { include: ["test/load/**/*.test.ts"], testTimeout: 3_600_000 } }),
);
