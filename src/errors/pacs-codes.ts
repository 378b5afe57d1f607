/**
 * Codes of errors of archives, each with its category; `codes.ts` has the others.
 *
 * Knows: categories.
 */

import type { ErrorCategory } from "./category.ts";

export const PACS_CODES = {
  "pacs/association-rejected": "environment",
  "pacs/bad-aet": "usage",
  "pacs/bad-address": "usage",
  "pacs/bad-answer": "environment",
  "pacs/bad-certificate": "input",
  "pacs/bad-credentials": "usage",
  "pacs/bad-match": "usage",
  "pacs/bad-state": "input",
  "pacs/other-archive": "usage",
  "pacs/bad-uid": "usage",
  "pacs/busy": "environment",
  "pacs/deadly": "input",
  "pacs/forbidden": "environment",
  "pacs/interrupted": "environment",
  "pacs/needs-certificate": "usage",
  "pacs/needs-senders": "usage",
  "pacs/no-archive": "usage",
  "pacs/no-connection": "environment",
  "pacs/no-image": "input",
  "pacs/no-interface": "environment",
  "pacs/no-port": "environment",
  "pacs/no-space": "environment",
  "pacs/no-state": "missing",
  "pacs/no-study": "missing",
  "pacs/not-found": "missing",
  "pacs/not-frontal": "input",
  "pacs/not-stored": "environment",
  "pacs/other-modality": "input",
  "pacs/own-result": "input",
  "pacs/plain-password": "usage",
  "pacs/redirected": "environment",
  "pacs/refused": "environment",
  "pacs/server-error": "environment",
  "pacs/store-failed": "environment",
  "pacs/tls": "environment",
  "pacs/too-large": "environment",
  "pacs/unauthorised": "environment",
} as const satisfies Readonly<Record<`pacs/${string}`, ErrorCategory>>;
