/**
 * Errors of the HTTP server: their causes and ways on.
 *
 * Knows: codes.
 */

import type { ErrorArea } from "./area.ts";

export const SERVER = {
  title: "The HTTP server",
  errors: {
    "server/needs-token": {
      cause: "Other machines can reach this host, and no token protects the server.",
      wayOn: "Name a file with a token, or use the address 127.0.0.1.",
    },
    "server/bad-token": {
      cause: "The token file does not hold a token: one line of printable characters without spaces.",
      wayOn: "Make a token with `openssl rand -hex 32`.",
    },
    "server/no-port": {
      cause: "The server could not listen at this host and port.",
      wayOn: "Choose another port: the message has the system's reason.",
    },
    "server/bad-request": {
      cause: "The request could not be read, or one of its parameters has an invalid value.",
      wayOn: "Correct what the message names.",
    },
    "server/bad-range": {
      cause: "The header `Range` names bytes that the file does not have.",
      wayOn: "Ask for another range, or for the whole file.",
    },
    "server/unauthorised": {
      cause: "The server needs a token, and the request has none or another one.",
      wayOn: "Send `Authorization: Bearer …` with the server's token.",
    },
    "server/forbidden-origin": {
      cause: "A page of another origin sent the request.",
      wayOn: "Allow that origin when the server is started.",
    },
    "server/wrong-host": {
      cause: "The request names a host that this server does not answer for.",
      wayOn: "Use the address that the server printed, or allow the host's name when the server is started.",
    },
    "server/not-found": {
      cause: "The server has nothing at this path.",
      wayOn: "Check the path; docs/server.md lists them.",
    },
    "server/no-model": {
      cause: "The path names a model, or a version of it, that the server does not have.",
      wayOn: "Use the name that `GET /api/model` answers.",
    },
    "server/model-changed": {
      cause: "The model's file is not what it was when the server was started.",
      wayOn: "Start the server again.",
    },
    "server/bad-method": {
      cause: "The path does not take this HTTP method.",
      wayOn: "Use one of those that the header `Allow` names.",
    },
    "server/too-slow": {
      cause: "The request did not arrive in time.",
      wayOn: "Send it again over a faster connection.",
    },
    "server/too-large": {
      cause: "The request has more bytes or images than the server takes.",
      wayOn: "Send fewer at once, or raise the server's limit.",
    },
    "server/media-type": {
      cause: "The body is of a type that the server does not read.",
      wayOn: "Send an image, a form with images, or what docs/server.md names for the path.",
    },
    "server/busy": {
      cause: "As many requests are waiting as may wait.",
      wayOn: "Try again after the seconds that the header `Retry-After` names.",
    },
    "server/timeout": {
      cause: "The request waited too long for its turn.",
      wayOn: "Try again later, with fewer images at once.",
    },
    "server/closing": {
      cause: "The server is shutting down.",
      wayOn: "Try again when it is back.",
    },
  },
} as const satisfies ErrorArea;
