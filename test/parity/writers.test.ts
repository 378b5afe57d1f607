import { writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, inject, test } from "vitest";
import { FINDING_NAMES } from "../../src/findings.ts";
import { CARD_KEY } from "../../src/models/card.ts";
import { cardMetadata, exportOnnx } from "../../src/models/compile.ts";
import { safetensorsFile, torchFile } from "../support/checkpoints.ts";
import { runScript } from "./python.ts";
import { describeParity, load } from "./reference.ts";

/** What check_written.py prints. */
interface Report {
  readonly pth: { type: string; sameOrder: boolean; differing: string[]; differingInModule: string[] };
  readonly safetensors: { differing: string[]; metadata: Record<string, string> | null; aligned: boolean };
  readonly onnx: {
    differing: string[];
    metadata: Record<string, string>;
    opset: [string, number][];
    ports: Record<string, (string | number)[]>;
  };
}

describeParity("files written by medical-x", () => {
  let report: Report;

  beforeAll(() => {
    const { folder, python } = inject("parity");
    const model = load("main.pth");
    const write = (name: string, bytes: Uint8Array): string => {
      writeFileSync(path.join(folder, name), bytes);
      return path.join(folder, name);
    };
    const metadata = cardMetadata(model.card);
    const files = [
      write("written.pth", torchFile(model.tensors, metadata)),
      write("written.safetensors", safetensorsFile(model.tensors, metadata)),
      write("written.onnx", exportOnnx(model, "gradcam++")),
    ];
    report = JSON.parse(
      runScript(python, "check_written.py", [path.join(folder, "main.pth"), ...files]),
    ) as Report;
  });

  test(".pth loads with weights_only=True and strict=True, to the bit and in order", () => {
    expect(report.pth).toEqual({
      type: "OrderedDict",
      sameOrder: true,
      differing: [],
      differingInModule: [],
    });
  });

  test(".safetensors has the weights to the bit, by the format's specification", () => {
    expect(report.safetensors).toMatchObject({ differing: [], aligned: true });
    const card = JSON.parse(report.safetensors.metadata![CARD_KEY]!);
    expect(card.labels).toEqual(FINDING_NAMES);
  });

  test(".onnx passes ONNX's full check, with the weights to the bit", () => {
    expect(report.onnx).toMatchObject({ differing: [], opset: [["", 17]] });
    expect(report.onnx.ports).toEqual({
      image: ["N", 3, 224, 224],
      logits: ["N", 14],
      probabilities: ["N", 14],
      heatmaps: ["N", 14, 7, 7],
    });
  });

  test(".onnx carries its labels and its card", () => {
    expect(JSON.parse(report.onnx.metadata["labels"]!)).toEqual(FINDING_NAMES);
    const { preparation } = JSON.parse(report.onnx.metadata[CARD_KEY]!);
    expect(preparation).toEqual(load("main.pth").card.preparation);
  });
});
