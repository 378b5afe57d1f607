import { expect, test } from "vitest";
import { MultipartFault, multipartBody, partsOf } from "../../../src/node/archive/multipart.ts";

const TYPE = 'multipart/related; type="application/dicom"; boundary=frontier';

const parts = (text: string, { type = TYPE, most = 4 } = {}) =>
  partsOf(Buffer.from(text, "latin1"), type, most).map((part) => [
    part.type,
    Buffer.from(part.bytes).toString("latin1"),
  ]);

test.each<[string, string, string[][]]>([
  [
    "one part",
    "--frontier\r\nContent-Type: application/dicom\r\n\r\nbytes\r\n--frontier--\r\n",
    [["application/dicom", "bytes"]],
  ],
  [
    "two parts, a preamble and an epilogue",
    "preamble\r\n--frontier\r\ncontent-type:a/b; x=1\r\nX: y\r\n\r\none\r\n--frontier\r\n\r\ntwo\r\n--frontier--\r\nrest",
    [
      ["a/b", "one"],
      ["", "two"],
    ],
  ],
  ["an empty part", "--frontier\r\nContent-Type: a/b\r\n\r\n\r\n--frontier--", [["a/b", ""]]],
  ["blanks after a delimiter", "--frontier \t\r\n\r\nx\r\n--frontier--", [["", "x"]]],
  ["line ends in the content", "--frontier\r\n\r\n\r\nx\r\n\r\n\r\n--frontier--", [["", "\r\nx\r\n\r\n"]]],
  [
    "something like a delimiter within the content",
    "--frontier\r\n\r\na--frontier\r\n--frontierx\r\nb\r\n--frontier--",
    [["", "a--frontier\r\n--frontierx\r\nb"]],
  ],
  ["no line before the first delimiter", "--frontier\r\n\r\nx\n--frontier--", [["", "x"]]],
])("%s", (_, text, expected) => {
  expect(parts(text)).toEqual(expected);
});

test("a boundary may be quoted, and stand before other parameters", () => {
  const text = "--a b;c\r\n\r\nx\r\n--a b;c--";
  expect(parts(text, { type: 'multipart/related; boundary="a b;c"; type="x"' })).toEqual([["", "x"]]);
});

test.each<[string, string, string | undefined, RegExp]>([
  ["no boundary in the header", "--frontier--", "multipart/related", /names no boundary/],
  ["an endless boundary", "x", `multipart/related; boundary=${"b".repeat(5000)}`, /names no boundary/],
  ["an empty body", "", undefined, /no parts/],
  ["no delimiter in the body", "DICM".repeat(1000), undefined, /no parts/],
  ["a body that is cut off", "--frontier\r\nContent-Type: a/b\r\n\r\nhalf", undefined, /ends before/],
  ["a body cut off in its last delimiter", "--frontier\r\n\r\nx\r\n--frontier-", undefined, /ends before/],
  [
    "headers without an end",
    `--frontier\r\n${"A: b\r\n".repeat(9000)}\r\n--frontier--`,
    undefined,
    /headers do not end/,
  ],
  ["a part that is empty through and through", "--frontier\r\n--frontier--", undefined, /headers do not end/],
  [
    "more parts than were asked for",
    `${"--frontier\r\n\r\nx\r\n".repeat(6)}--frontier--`,
    undefined,
    /more than 4 parts/,
  ],
])("%s is a fault", (_, text, type, words) => {
  const work = () => parts(text, type === undefined ? {} : { type });
  expect(work).toThrow(MultipartFault);
  expect(work).toThrow(words);
});

test("what we send is read back, whatever bytes it has", () => {
  const files = [Buffer.from([13, 10, 45, 45, 0, 255]), Buffer.alloc(0), Buffer.from("\r\n--\r\n")];
  const { contentType, pieces } = multipartBody(files, "application/dicom");
  const read = partsOf(Buffer.concat(pieces), contentType, 3);
  expect(read.map(({ bytes }) => Buffer.from(bytes))).toEqual(files);
  expect(read.map(({ type }) => type)).toEqual(Array(3).fill("application/dicom"));
});
