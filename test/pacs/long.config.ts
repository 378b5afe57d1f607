import { defineConfig, mergeConfig } from "vitest/config";
import short from "./vitest.config.ts";

/** The long form: hundreds of studies, with programs that are killed. */
export default mergeConfig(
  { test: { ...short.test, include: [], exclude: [] } },
  defineConfig({
    test: { include: ["test/pacs/**/*.soak.test.ts"], testTimeout: 7_200_000, hookTimeout: 600_000 },
  }),
);
