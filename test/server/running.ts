/** Starts the built server in this process, for its threads are files of the build. */

import { readFileSync } from "node:fs";
import type { Preparation } from "../../src/image/preparation.ts";
import type { Limits, ServerSettings } from "../../src/server/service/settings.ts";
import type { RunningServer, ServerRequest } from "../../src/server/start.ts";
import { type Desk, putSmallDemo } from "../cli/run.ts";
import { builtServer, SETTINGS } from "./serve-demo.ts";

/** What a test changes of a server's settings. */
export interface Changes extends Partial<Omit<ServerSettings, "limits">> {
  readonly limits?: Partial<Limits>;
}

/** A server that a test uses, and what it wrote to its log. */
export interface Tried extends RunningServer {
  readonly log: string[];
}

/** Start a server with a model of 112 × 112 pixels. @param preparation  How it wants its images, if they are not stretched. */
export async function tryServer(
  desk: Desk,
  { limits, ...changes }: Changes = {},
  preparation?: Preparation,
): Promise<Tried> {
  putSmallDemo(desk, "m.safetensors", preparation);
  const log: string[] = [];
  const request: ServerRequest = {
    model: desk.path("m.safetensors"),
    session: { threads: 1 },
    settings: {
      ...SETTINGS,
      ...changes,
      limits: { ...SETTINGS.limits, ...limits },
    },
    log: {
      write: (line: string) => {
        log.push(line);
        return true;
      },
    },
  };
  const { startServer } = await builtServer();
  return { ...(await startServer(request)), log };
}

const EXAMPLES = new URL("../../examples/images/", import.meta.url);

/** The bytes of an example: `00000001_000.png`. */
export const example = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(new URL(name, EXAMPLES)));

export const EXAMPLE_NAMES = ["00000001_000.png", "00000002_000.png", "00000003_000.png"] as const;

/** A form with images, by their files' names. */
export function formOf(
  images: readonly (readonly [name: string, bytes: Uint8Array<ArrayBuffer>])[],
): FormData {
  const form = new FormData();
  for (const [name, bytes] of images) form.append("image", new Blob([bytes]), name);
  return form;
}

/** Send a body to `api/predict`. */
export const predict = (
  url: string,
  body: Uint8Array<ArrayBuffer> | FormData | ReadableStream,
  query = "",
  headers: Record<string, string> = {},
) => fetch(`${url}api/predict${query}`, { method: "POST", body, headers });

/** The code of an answer that is an error. */
export async function codeOf(answer: Response): Promise<string> {
  const { error } = (await answer.json()) as { error: { code: string; message: string } };
  return error.code;
}
