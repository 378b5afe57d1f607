/** What a listener refuses before it opens anything; test/cli/pacs-listen.test.ts and test/pacs run it. */

import { expect, test } from "vitest";
import { type ListenRequest, listen } from "../../../src/app/pacs/listen/listen.ts";

const REQUEST: ListenRequest = {
  self: { aet: "MEDICALX", host: "127.0.0.1", port: 0 },
  allowed: [],
  sendTo: { aet: "ARCHIVE", host: "127.0.0.1", port: 104 },
  tls: "none",
  tlsFiles: {},
  // Nothing may be opened.
  state: "/proc/nowhere",
  reader: {
    model: "/proc/nowhere",
    threshold: 0.5,
    style: "report",
    gradcam: false,
    findings: ["top"],
    force: false,
  },
  quietMs: 0,
  reprocess: false,
  retry: false,
};

const refused = (request: Partial<ListenRequest>) =>
  listen(
    { ...REQUEST, ...request },
    {
      say: () => undefined,
      onReady: () => undefined,
      onDone: () => undefined,
      signal: new AbortController().signal,
    },
  );

test.each(["", " A", "A\\B", "Größe", "SEVENTEEN LETTERS"])('"%s" is no AE title', async (aet) => {
  const { self, sendTo } = REQUEST;
  for (const request of [{ self: { ...self, aet } }, { sendTo: { ...sendTo, aet } }, { allowed: ["A", aet] }])
    await expect(refused(request)).rejects.toMatchObject({
      code: "pacs/bad-aet",
      message: `"${aet}" is no AE title: it has 1 to 16 characters of ASCII, none of them a backslash`,
    });
});

test.each(["0.0.0.0", "::", "10.0.0.5", "example.org"])("%s is reached by others", async (host) => {
  await expect(refused({ self: { ...REQUEST.self, host } })).rejects.toMatchObject({
    code: "pacs/needs-senders",
  });
});

test("TLS needs a certificate to receive, and none to send", async () => {
  for (const tls of ["receive", "both"] as const)
    await expect(refused({ tls })).rejects.toMatchObject({ code: "pacs/needs-certificate" });
  await expect(refused({ tls: "send" })).rejects.toMatchObject({ code: "model/not-found" });
});
