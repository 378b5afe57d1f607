import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, inject, test } from "vitest";
import { onnxModel } from "../../src/graph/onnx/model.ts";
import { runFloat32 } from "../../src/graph/session.ts";
import { CARD_KEY } from "../../src/models/card.ts";
import { exportOnnx } from "../../src/models/compile.ts";
import { Observer, observedGraph } from "../../src/models/quantise/observe.ts";
import { quantise } from "../../src/models/quantise/quantise.ts";
import { createSession } from "../../src/node/session.ts";
import { CASES, seededBatch, seededModel } from "../support/densenet-fixtures.ts";
import { runScript } from "./python.ts";
import { describeParity } from "./reference.ts";

describeParity("int8 files written by medical-x", () => {
  test("pass ONNX's full check with standard operators only", async () => {
    const [, network] = CASES.find(([name]) => name === "rgb-3-labels-64")!;
    const model = seededModel(network);
    const { graph, kinds } = observedGraph(3, model.numLabels, network.width, network.height);
    const session = await createSession(onnxModel(graph, model.tensors), { threads: 1 });
    const observer = new Observer(kinds);
    observer.add(await runFloat32(session, { image: seededBatch(network, [1, 2]) }));
    await session.release();
    const { folder, python } = inject("parity");
    const file = path.join(folder, "int8.onnx");
    const codes = quantise(model.tensors, observer.results());
    writeFileSync(file, exportOnnx({ ...model, codes }, "gradcam"));
    const report = JSON.parse(runScript(python, "check_int8.py", [file]));
    expect(report).toMatchObject({ domains: [["", 17]], codes: 180 });
    expect(report.ops).toMatchObject({ QLinearConv: 183, QuantizeLinear: 1, DequantizeLinear: 1, Conv: 1 });
    expect(report.metadata).toEqual(["labels", CARD_KEY]);
    expect(report.inferred).toBeGreaterThan(183);
  });
});
