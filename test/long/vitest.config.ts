import { defineConfig, mergeConfig } from "vitest/config";
import main from "../../vitest.config.ts";

/** Tests that start hundreds of commands: `npm test` leaves them out, so that it ends within minutes. */
export default mergeConfig(
  { test: { ...main.test, include: [], exclude: [] } },
  defineConfig({ test: { include: ["test/**/*.long.test.ts"], testTimeout: 120_000 } }),
);
