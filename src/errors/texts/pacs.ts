/**
 * Errors of archives: their causes and ways on.
 *
 * Knows: codes.
 */

import type { ErrorArea } from "./area.ts";

export const PACS = {
  title: "Archives",
  errors: {
    "pacs/bad-state": {
      cause: "The journal of a state folder is damaged, or was written by another version of the program.",
      wayOn:
        "Restore the folder from a backup, or name a new one: results that the archive has are then made again under the same UIDs, which does no harm.",
    },
    "pacs/deadly": {
      cause: "The program was ended several times while it read this image and no other.",
      wayOn:
        "Look at the image and report what you find; the state folder keeps it apart until it is put back.",
    },
    "pacs/no-image": {
      cause: "The object is a report, a presentation state or the like, and has no picture.",
      wayOn: "None is needed: such objects are passed over.",
    },
    "pacs/not-frontal": {
      cause: "The header calls the view lateral, oblique or something else than frontal.",
      wayOn: "None is needed if that is so; otherwise have it read all the same.",
    },
    "pacs/other-modality": {
      cause: "The image is no digital or computed radiograph.",
      wayOn: "None is needed: such images are passed over.",
    },
    "pacs/own-result": {
      cause: "The object is a result that this program made.",
      wayOn: "None is needed: results are never read as images.",
    },
  },
} satisfies ErrorArea;
