/** What a viewer is told about a DICOM picture: pydicom's values, a window that gives the grey levels, and spacing. */

import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { decodeDicomForViewer } from "../../src/engine/decode/viewer-dicom.ts";
import { VOI_CHOICES } from "../../src/image/prepare.ts";
import { frameCodecs as codecs } from "../../src/node/frame-codecs.ts";
import { bytesOf } from "../../src/tensor.ts";
import { fixtureBytes, fixtureJson, sha256 } from "../fixtures.ts";

interface ValuesRow {
  readonly file: string;
  readonly first: readonly number[];
  readonly sha256: string;
}

test.each(fixtureJson<readonly ValuesRow[]>("dicom/viewer/values.json"))(
  "$file: the values are those of apply_modality_lut",
  async (row) => {
    const bytes = fixtureBytes(`dicom/display/${row.file}.dcm`);
    const { facts } = await decodeDicomForViewer(bytes, {}, codecs);
    const values = Float64Array.from(facts!.values!);
    expect([...values.subarray(0, 4)]).toEqual(row.first);
    expect(sha256(bytesOf(values))).toBe(row.sha256);
  },
);

const GREY_FILES = readdirSync(new URL("../../fixtures/dicom/display/", import.meta.url)).filter(
  (file) => file.endsWith(".dcm") && !file.startsWith("colour"),
);
const NOT_LINEAR = /sigmoid|voi-lut|width-0/;

test.each(GREY_FILES.flatMap((file) => VOI_CHOICES.map((voi) => ({ file, voi }))))(
  "$file with $voi: the window gives the grey levels",
  async ({ file, voi }) => {
    const { image, facts } = await decodeDicomForViewer(
      fixtureBytes(`dicom/display/${file}`),
      { voi },
      codecs,
    );
    const { values, window, padding, inverted } = facts!;
    expect(values!.length).toBe(image.width * image.height);
    if (window === undefined) {
      expect(new Set(values).size).toBe(1);
      return;
    }
    expect(window.width).toBeGreaterThan(0);
    // The window of width 0 cannot be applied, so the picture's range is used, which is linear.
    const isCurved = voi === "default" && NOT_LINEAR.test(file) && !file.includes("width-0");
    expect(window.exact).toBe(!isCurved && voi !== "equalize");
    if (!window.exact) return;
    const levels = Array.from(values!, (value) => {
      if (padding !== undefined && value >= padding.low && value <= padding.high) return 0;
      const share = Math.min(1, Math.max(0, (value - window.center) / window.width + 0.5));
      return 255 * (inverted ? 1 - share : share);
    });
    const most = levels.reduce((far, level, i) => Math.max(far, Math.abs(level - image.data[i]!)), 0);
    expect(most).toBeLessThan(0.51);
  },
);

test("a colour picture has no values to window", async () => {
  const { image, facts } = await decodeDicomForViewer(
    fixtureBytes("dicom/display/colour-explicit-le-rgb.dcm"),
    {},
    codecs,
  );
  expect(image.channels).toBe(3);
  expect(facts).toEqual({});
});

interface SpacingRow {
  readonly file: string;
  readonly pixelSpacing: readonly number[];
  readonly imagerPixelSpacing: readonly number[];
  readonly rescaleType: string | null;
  readonly values: readonly number[];
}

const SPACINGS = fixtureJson<readonly SpacingRow[]>("dicom/viewer/spacing.json");
const AT_DETECTOR = /^(?:repeated|imager-only)-/;

test.each(SPACINGS)("$file: spacing and where it is measured", async (row) => {
  const { facts } = await decodeDicomForViewer(fixtureBytes(`dicom/viewer/${row.file}`), {}, codecs);
  const given = (pair: readonly number[]) => (pair.every((distance) => distance > 0) ? pair : []);
  const own = given(row.pixelSpacing);
  const [rows, columns] = own.length > 0 ? own : given(row.imagerPixelSpacing);
  expect(facts!.spacing).toEqual(
    rows === undefined
      ? undefined
      : {
          row: rows,
          column: columns,
          source: own.length > 0 ? "PixelSpacing" : "ImagerPixelSpacing",
          isAtDetector: AT_DETECTOR.test(row.file),
        },
  );
  expect([...facts!.values!]).toEqual(row.values);
  expect(facts!.unit).toBe(row.rescaleType === "HU" ? "HU" : undefined);
});
