/** The barest script that runs an ONNX file on one image in Node. The goal of row 1 is measured against it. */
import { createRequire } from "node:module";

const [model, image] = process.argv.slice(2);
process.env["ORT_DISABLE_TELEMETRY"] = "1";
const require = createRequire(import.meta.url);
const sharp = require("sharp");
const { InferenceSession, Tensor } = require("onnxruntime-node");

const [session, pixels] = await Promise.all([
  InferenceSession.create(model, { graphOptimizationLevel: "disabled" }),
  sharp(image).resize(224, 224, { kernel: "linear" }).toColourspace("srgb").removeAlpha().raw().toBuffer(),
]);
const mean = [0.485, 0.456, 0.406];
const deviation = [0.229, 0.224, 0.225];
const input = new Float32Array(3 * 224 * 224);
for (let i = 0; i < 224 * 224; i++)
  for (let c = 0; c < 3; c++) input[c * 224 * 224 + i] = (pixels[i * 3 + c] / 255 - mean[c]) / deviation[c];
const { probabilities } = await session.run({ image: new Tensor("float32", input, [1, 3, 224, 224]) });
console.log([...probabilities.data].map((value) => value.toFixed(4)).join(" "));
