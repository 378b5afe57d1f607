import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, inject, test } from "vitest";
import { openModel } from "../../src/engine/open-model.ts";
import { predictImages } from "../../src/engine/predict.ts";
import type { PreparedItem } from "../../src/engine/prepared-queue.ts";
import { readModel, weightsOf } from "../../src/engine/read-model.ts";
import { parseCardText } from "../../src/models/card.ts";
import { createSession } from "../../src/node/session.ts";
import { maxDifference } from "../support/difference.ts";
import { runScript } from "./python.ts";
import { describeParity, prepare, REFERENCE, readArray } from "./reference.ts";

const LABELS = 14;
const IMAGES = 12;

describeParity("networks of other architectures, exported by PyTorch", () => {
  const { folder, images, python } = inject("parity");
  const names = REFERENCE.images.slice(0, IMAGES);

  beforeAll(() => {
    runScript(python, "networks_reference.py", [folder, images, ...names]);
  });

  test.each(["resnet50", "efficientnet-b0", "vit-tiny"])(
    "%s gives PyTorch's probabilities to 1e-5",
    async (architecture) => {
      const name = `${architecture}.onnx`;
      const bytes = new Uint8Array(readFileSync(path.join(folder, name)));
      const card = parseCardText(readFileSync(path.join(folder, `${name}.json`), "utf8"));
      const model = weightsOf(await readModel({ name, bytes, card }));
      expect(model.kind).toBe("network");
      const opened = await openModel(model, createSession);
      async function* prepared(): AsyncGenerator<PreparedItem, void> {
        for (const source of names) {
          const image = await prepare(source, model.card.preparation);
          yield { source, result: { ...image, checks: [] } };
        }
      }
      const found: number[] = [];
      for await (const outcome of predictImages(opened, prepared(), { force: true })) {
        if ("error" in outcome) throw outcome.error;
        found.push(...outcome.probabilities);
      }
      await opened.release();
      const expected = readArray(architecture);
      expect(found.length).toBe(names.length * LABELS);
      expect(maxDifference(Float32Array.from(found), expected)).toBeLessThan(1e-5);
      // The images are told apart, so that the comparison says something.
      const first = expected.filter((_, i) => i % LABELS === 0);
      expect(Math.max(...first) - Math.min(...first)).toBeGreaterThan(1e-3);
    },
  );
});
