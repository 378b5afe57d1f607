/**
 * Errors of files and folders: their causes and ways on.
 *
 * Knows: codes.
 */

import type { ErrorArea } from "./area.ts";

export const FILES = {
  title: "Files and folders",
  errors: {
    "file/in-use": {
      cause: "Another process is working in the folder.",
      wayOn: "Wait until it has ended, or name another folder.",
    },
    "file/not-accessible": {
      cause: "The system, or a server, does not let the file be read or written.",
      wayOn:
        "Check permissions, free space and, for an address, the server's answer; the message has the reason.",
    },
    "file/not-found": {
      cause: "There is no file or folder of this name.",
      wayOn: "Check the path; a folder to write into must exist where the message says so.",
    },
    "file/not-regular": {
      cause: "A folder or a device stands where a file is needed, or a file where a folder is.",
      wayOn: "Name a file, or a folder, as the message says.",
    },
    "file/too-large": {
      cause: "The file is larger than any that is read.",
      wayOn: "Name the right file, or make it smaller.",
    },
    "images/none": {
      cause: "A folder holds no images, or nothing matches a pattern.",
      wayOn: "Name a folder with images, or correct the pattern.",
    },
  },
} as const satisfies ErrorArea;
