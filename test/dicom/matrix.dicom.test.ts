/** Every kind of DICOM file gives pydicom's grey levels: within 1, and to the rounding where nothing is lost. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, inject, test } from "vitest";
import type { VoiChoice } from "../../src/image/prepare.ts";
import { decodeImage } from "../../src/node/decode.ts";

interface Row {
  readonly file: string;
  readonly levels: string;
  readonly voi: VoiChoice;
  readonly exact: boolean;
  readonly frame?: number;
}

const folder = inject("dicomMatrix");
const rows: readonly Row[] =
  folder === "" ? [] : JSON.parse(readFileSync(path.join(folder, "manifest.json"), "utf8"));

/** Rows by what comes before the bits of the samples: the transfer syntax, or the kind of oddity or colour. */
const groups = new Map<string, Row[]>();
for (const row of rows) {
  const group = row.file.replace(/-\d+[us]-.*|\.dcm$/, "");
  groups.set(group, [...(groups.get(group) ?? []), row]);
}

function expected(name: string): Float32Array {
  const bytes = new Uint8Array(readFileSync(path.join(folder, name)));
  return new Float32Array(bytes.buffer);
}

async function farthest({ file, voi, frame, levels }: Row): Promise<number> {
  const bytes = new Uint8Array(readFileSync(path.join(folder, file)));
  const { data } = await decodeImage(bytes, { voi, ...(frame === undefined ? {} : { frame }) });
  const wanted = expected(levels);
  expect(data.length, file).toBe(wanted.length);
  return wanted.reduce((most, level, i) => Math.max(most, Math.abs(level - data[i]!)), 0);
}

describe.skipIf(folder === "")("the grey levels of pydicom", () => {
  test("of more than three thousand files", () => {
    expect(rows.length).toBeGreaterThan(3000);
  });

  test.each([...groups.keys()])("%s", async (group) => {
    const wrong: string[] = [];
    for (const row of groups.get(group)!) {
      const most = await farthest(row);
      if (most > (row.exact ? 0.5001 : 1)) wrong.push(`${row.file} ${row.voi}: off by ${most}`);
    }
    expect(wrong).toEqual([]);
  });
});
