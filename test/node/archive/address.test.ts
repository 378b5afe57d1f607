import { expect, test } from "vitest";
import { XrayError } from "../../../src/errors.ts";
import { archiveAddress, isLoopback } from "../../../src/node/archive/address.ts";

function refusalOf(text: string): XrayError {
  try {
    archiveAddress(text);
  } catch (error) {
    if (error instanceof XrayError) return error;
  }
  throw new Error("it was not refused");
}

test.each([
  ["http://127.0.0.1:8042", "http://127.0.0.1:8042/", "http://127.0.0.1:8042"],
  [
    "https://pacs.example.org/dicom-web",
    "https://pacs.example.org/dicom-web/",
    "https://pacs.example.org/dicom-web",
  ],
  ["https://pacs.example.org/a/b//", "https://pacs.example.org/a/b/", "https://pacs.example.org/a/b"],
  [" HTTPS://PACS.example.org ", "https://pacs.example.org/", "https://pacs.example.org"],
])("%s is an archive's address", (text, root, shown) => {
  const address = archiveAddress(text);
  expect(address.root.href).toBe(root);
  expect(address.shown).toBe(shown);
});

test.each(["", "pacs", "ftp://pacs/", "file:///etc/passwd", "http://", "http://host:99999/"])(
  "%j is none",
  (text) => {
    expect(refusalOf(text)).toMatchObject({ code: "pacs/bad-address", category: "usage" });
    expect(refusalOf(text).message).toMatch(/write http:\/\/host:port\/path or https/);
  },
);

test.each([
  "https://reader:s3cret@pacs.example.org/dicom-web",
  "https://s3cret@pacs.example.org",
  "https://reader:s3cret@pacs.example.org:99999/",
  "reader:s3cret@pacs",
])("an address with a password in it is refused without repeating it", (text) => {
  const { message, details } = refusalOf(text);
  expect(message).toMatch(/contains a user or a password.*change the password$/);
  expect(message + JSON.stringify(details)).not.toMatch(/s3cret|reader/);
});

test.each(["https://pacs.example.org/x?token=s3cret", "https://pacs.example.org/x#s3cret", "pacs?s3cret"])(
  "an address with a query is refused without repeating it",
  (text) => {
    const { code, message } = refusalOf(text);
    expect(code).toBe("pacs/bad-address");
    expect(message).not.toContain("s3cret");
  },
);

test.each([
  ["http://127.0.0.1:8042", true],
  ["http://127.1.2.3", true],
  ["http://[::1]:8042", true],
  ["http://localhost", true],
  ["http://orthanc", false],
  ["http://128.0.0.1", false],
  ["http://127.0.0.1.example.org", false],
  ["http://localhost.example.org", false],
])("whether %s is this machine: %s", (text, is) => {
  expect(isLoopback(new URL(text))).toBe(is);
});
