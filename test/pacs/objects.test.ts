/**
 * DICOM objects as other people's programs see them: dicom3tools' validator, dcmtk's readers of reports, and pydicom. The images
 * that they are made of have headers of every kind (`object_sources.py`), or are real ones where these are at hand.
 */

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readDicom } from "../../src/formats/dicom/read-dicom.ts";
import { makeResultObjects } from "../../src/report/dicom/make-objects.ts";
import { SR_STYLES, type SrStyle } from "../../src/report/dicom/result-object.ts";
import type { Result } from "../../src/results/prediction.ts";
import { resultOfLabels } from "../support/results.ts";
import { PYTHON, run, whyNot } from "./support/programs.ts";
import { NO_REAL_FILES, REAL_FILES } from "./support/studies.ts";

const SUPPORT = fileURLToPath(new URL("support/", import.meta.url));
const DOCS = readFileSync(new URL("../../docs/dicom-objects.md", import.meta.url), "utf8").replaceAll(
  /\s+/g,
  " ",
);

/** What `object_sources.py` says about an image. */
interface Source {
  readonly attributes: Readonly<Record<string, string>>;
  readonly studyInstanceUid: string | null;
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  /** The frame that references name. */
  readonly frame: number | null;
}

/** What `read_objects.py` says about an object. */
interface Read {
  readonly carried: Readonly<Record<string, string>>;
  readonly studyInstanceUid: string;
  readonly numbers: readonly (readonly [meaning: string, value: number, unit: string, scheme: string])[];
  readonly references: readonly (readonly [string, string, number | null])[];
  readonly evidence: readonly (readonly string[])[];
  readonly sourceImages: readonly (readonly [string, string, number | null])[];
  readonly schemes: readonly string[];
  readonly flags: readonly string[];
  readonly pixels: readonly number[] | null;
}

const LONG_LABEL = `Something_${"very_".repeat(20)}long`;

/** Results that reports show in different ways. */
const RESULTS: readonly Result[] = [
  resultOfLabels(),
  resultOfLabels(undefined, {
    threshold: "card",
    detected: [],
    calibrated: Object.fromEntries(resultOfLabels().labels.map((label, i) => [label, 1 / (i + 1.1)])),
    checks: [
      { check: "exposure", outcome: "warn", reason: "The image is almost black." },
      { check: "view", outcome: "warn", reason: "The image is almost black." },
    ],
    notes: [
      "the file holds 3 frames; the first was read",
      "ein Hinweis – über „Zeichen“ wie é, 肺 und <b>&amp;",
    ],
  }),
  resultOfLabels(["Lung Opacity", "Lungenödem", LONG_LABEL, "胸水", "a\\b=c^d"], {
    model: {
      ...resultOfLabels().model,
      name: `modell-für-${"ö".repeat(120)}.pth`,
      notes: ["a\\b", "two\nlines", "\u0007a bell\u001b[1m"],
    },
  }),
];

const STYLES = [...SR_STYLES, "overlay"] as const;
type Kind = SrStyle | "overlay";

/** Warnings of `dciodvfy` that are explained in the docs, each by these words of its row. */
const EXPLAINED: readonly (readonly [RegExp, string])[] = [
  [/^Unrecognized defined term <99MEDX> for value 1 of attribute <Coding Scheme Designator>$/, "<99MEDX>"],
  [
    /^Unrecognized defined term <THORAX> for value 1 of attribute <Body Part Examined>$/,
    "<Body Part Examined>",
  ],
  [/^is only permitted to be empty when actually unknown; .* - attribute <Laterality>$/, "<Laterality>"],
  [
    /^Missing attribute or value that would be needed to build DICOMDIR - (?:Patient ID|Study (?:Date|Time|ID))$/,
    "needed to build DICOMDIR",
  ],
  [/^Value dubious for this VR - .* PN .* - Retired Person Name form$/, "Retired Person Name form"],
];

/** An error that is none: `dciodvfy` counts the bytes of a whole name, where DICOM counts the characters of its groups. */
const COUNTED_BYTES = /^Value invalid for this VR - \(0x0010,0x0010\) PN .* - Length invalid for this VR = /;
const BECAUSE_OF_IT = "Dicom dataset contains invalid data values for Value Representations";

const tools = ["dciodvfy", "dsrdump", "dsr2html"];
const why = whyNot(...tools);

describe.skipIf(why !== undefined)(`DICOM objects${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "medical-x-objects-"));
  let sources: Readonly<Record<string, Source>>;
  let names: readonly string[];
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const objectOf = (name: string, kind: Kind): string => join(folder, "objects", `${name}.${kind}.dcm`);
  const resultFor = (name: string): Result => RESULTS[names.indexOf(name) % RESULTS.length]!;

  async function writeObjects(name: string, path: string): Promise<void> {
    const source = await readDicom(new Uint8Array(readFileSync(path)));
    const data = Uint8Array.from({ length: 11 * 7 * 3 }, (_, i) => i);
    for (const style of SR_STYLES) {
      const request = { source, result: resultFor(name), style, options: "{}", madeAt: new Date(), frame: 2 };
      const overlay = { width: 11, height: 7, data };
      for (const { kind, bytes } of await makeResultObjects({ ...request, overlay }))
        writeFileSync(objectOf(name, kind), bytes);
    }
  }

  const read = (paths: readonly string[]): readonly Read[] =>
    JSON.parse(
      execFileSync(PYTHON, ["-B", "-W", "ignore", join(SUPPORT, "read_objects.py"), ...paths], {
        maxBuffer: 2 ** 28,
      }).toString(),
    );

  beforeAll(async () => {
    mkdirSync(join(folder, "objects"));
    execFileSync(PYTHON, ["-B", "-W", "ignore", join(SUPPORT, "object_sources.py"), folder]);
    sources = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8"));
    const made = Object.keys(sources).map((name) => [name, join(folder, `${name}.dcm`)] as const);
    const real = REAL_FILES.map((path) => [basename(path), path] as const);
    names = [...made, ...real].map(([name]) => name);
    for (const [name, path] of [...made, ...real]) await writeObjects(name, path);
    if (NO_REAL_FILES !== undefined) process.stderr.write(`objects of real images: ${NO_REAL_FILES}\n`);
  });

  test.each(STYLES)(
    "dciodvfy finds no error in any %s, and warns of nothing that is not explained",
    async (kind) => {
      for (const name of names) {
        const { stderr } = await run("dciodvfy", [objectOf(name, kind)]);
        const lines = stderr.split("\n");
        const said = (word: string) =>
          lines.filter((line) => line.startsWith(word)).map((line) => line.slice(word.length).trim());
        const bytes = Buffer.byteLength(sources[name]?.attributes["PatientName"] ?? "");
        const errors = said("Error - ").filter(
          (line) => bytes <= 64 || !(COUNTED_BYTES.test(line) || line === BECAUSE_OF_IT),
        );
        const warnings = said("Warning - ").filter((line) => !EXPLAINED.some(([known]) => known.test(line)));
        expect({ name, errors, warnings }).toEqual({ name, errors: [], warnings: [] });
        expect(
          lines.some((line) =>
            /^(?:ComprehensiveSR|Comprehensive3DSR|BasicTextSR|SCImage)$/.test(line.trim()),
          ),
        ).toBe(true);
      }
    },
  );

  test("the docs explain each warning, and the error that is none", () => {
    const words = [...EXPLAINED.map(([, of]) => of), "Length invalid for this VR"];
    expect(words.filter((each) => !DOCS.includes(each))).toEqual([]);
  });

  test.each(SR_STYLES)("dsrdump shows the tree of any %s, and dsr2html reads as a report", async (style) => {
    for (const name of names) {
      const dump = await run("dsrdump", ["+Pc", objectOf(name, style)]);
      expect([name, dump.code]).toEqual([name, 0]);
      expect(dump.stderr.replace(/^W: The VR checker does not support.*\n/m, "")).toBe("");
      expect(dump.stdout).toContain('(18748-4,LN,"Diagnostic Imaging Report")');
      expect(
        dump.stdout.match(/(?:inferred from|contains) (?:IMAGE|COMPOSITE)/g)?.length,
      ).toBeGreaterThanOrEqual(5);
      const page = await run("dsr2html", [objectOf(name, style)]);
      expect([name, page.code]).toEqual([name, 0]);
      for (const words of [
        "<h1>Diagnostic Imaging Report</h1>",
        "<h2>Conclusions</h2>",
        "Research use only",
        "UNVERIFIED",
        "PRELIMINARY",
      ])
        expect(page.stdout).toContain(words);
    }
  });

  test.each(SR_STYLES)("pydicom reads the numbers of any %s to six digits, and the references", (style) => {
    const all = read(names.map((name) => objectOf(name, style)));
    for (const [i, one] of all.entries()) {
      const name = names[i]!;
      const { labels, probabilities } = resultFor(name);
      const expected = labels.map((label) => probabilities[label]! * 100).sort((a, b) => b - a);
      const isProbability = style === "tid1500" ? "Probability" : undefined;
      const found = one.numbers.filter(
        ([meaning, , unit]) =>
          unit === "%" &&
          (isProbability === undefined
            ? !/^(?:Operating point|Calibrated)/.test(meaning)
            : meaning === isProbability),
      );
      expect(found).toHaveLength(labels.length);
      for (const [k, [, value]] of found.entries())
        expect(Math.abs(value / expected[k]! - 1)).toBeLessThan(1e-6);
      expect(one.flags).toEqual(["COMPLETE", "UNVERIFIED", "PRELIMINARY"]);
      expect(one.schemes).toContain("99MEDX");
      const source = sources[name];
      if (source === undefined) continue;
      const reference = [source.sopClassUid, source.sopInstanceUid, source.frame];
      expect(one.references.length).toBeGreaterThanOrEqual(labels.length);
      for (const found of one.references) expect(found).toEqual(reference);
      expect(one.evidence.map((entry) => entry.slice(2))).toEqual([
        [source.sopClassUid, source.sopInstanceUid],
      ]);
      expect(one.evidence[0]![0]).toBe(one.studyInstanceUid);
    }
  });

  test.each(STYLES)(
    "pydicom reads in any %s the patient and the study that it reads in the image",
    (kind) => {
      const made = Object.entries(sources);
      const all = read(made.map(([name]) => objectOf(name, kind)));
      for (const [i, [name, source]] of made.entries()) {
        expect({ name, ...all[i]!.carried }).toEqual({ name, ...source.attributes });
        if (source.studyInstanceUid !== null) expect(all[i]!.studyInstanceUid).toBe(source.studyInstanceUid);
        else expect(all[i]!.studyInstanceUid).toMatch(/^2\.25\.\d+$/);
      }
    },
  );

  test("pydicom reads the overlay's pixels, and which image they were drawn over", () => {
    const made = Object.entries(sources);
    const all = read(made.map(([name]) => objectOf(name, "overlay")));
    for (const [i, [, { sopClassUid, sopInstanceUid, frame }]] of made.entries()) {
      expect(all[i]!.pixels).toEqual([7, 11, 3]);
      expect(all[i]!.sourceImages).toEqual([[sopClassUid, sopInstanceUid, frame]]);
    }
  });
});
