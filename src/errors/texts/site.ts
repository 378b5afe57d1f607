/**
 * Errors of the page as a static site: their causes and ways on.
 *
 * Knows: codes.
 */

import type { ErrorArea } from "./area.ts";

export const SITE = {
  title: "An exported page",
  errors: {
    "export/folder-taken": {
      cause: "The folder for an exported page holds files that no export wrote.",
      wayOn: "Name a new or an empty folder, or move the other files elsewhere.",
    },
    "export/model-changed": {
      cause: "The model's file changed while it was being copied.",
      wayOn: "Export again.",
    },
    "export/no-server": {
      cause:
        "The page was to be exported with the choice to compute on a server, which an exported page does not have.",
      wayOn: "Export it without that choice.",
    },
  },
} as const satisfies ErrorArea;
