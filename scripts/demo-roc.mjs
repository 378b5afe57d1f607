/**
 * Gives the demo model's card the sensitivity and specificity of each finding by threshold, and leaves everything else in
 * the file as it is:
 *
 *   medical-x data phantom --out runs/demo/phantoms-501 --count 2000 --seed 501
 *   node scripts/demo-roc.mjs models/demo.safetensors runs/demo/phantoms-501
 *
 * The second argument is a folder of phantoms that the model was not trained on. `medical-x calibrate` measures in the same
 * way, but would also calibrate the model. `scripts/train-demo.mjs` runs this as its last step. The package must have been
 * built.
 */

import { inputFromModel } from "../dist/app/evaluation/model.js";
import { convertFile } from "../dist/app/models/convert.js";
import { loadFile, readModelFile } from "../dist/app/models/open-model.js";
import { rocTables } from "../dist/evaluation/roc-table.js";

const [path, data] = process.argv.slice(2);
const file = await readModelFile(path);
const model = loadFile(file);
const options = { model: path, data, seed: 0, isLocalised: false, predictionCache: false };
const { modelLabels, images, probabilities, truths, phantom } = await inputFromModel(options, {}, { model });
const roc = {
  description: `${images.length.toLocaleString("en")} drawn phantoms of seed ${phantom.seed}, none of which it was trained on`,
  findings: rocTables(
    modelLabels.map((label, k) => ({ label, probabilities: probabilities[k], truths: truths[k] })),
  ),
};
await convertFile(file, path, { dtype: "float16", change: (card) => ({ ...card, roc }) });
console.log(`${path}: ROC curves of ${Object.keys(roc.findings).length} findings`);
