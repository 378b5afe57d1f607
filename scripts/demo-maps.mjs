/**
 * Gives the demo model's card the heatmaps that point best at each finding, and leaves everything else in the file as it is:
 *
 *   medical-x data phantom --out runs/demo/phantoms-501 --count 2000 --seed 501
 *   node scripts/demo-maps.mjs models/demo.safetensors runs/demo/phantoms-501
 *
 * The second argument is a folder of phantoms that the model was not trained on. `medical-x calibrate --choose-maps`
 * chooses in the same way, but would also calibrate the model. `npm run judge:demo` judges the choice on phantoms of
 * another seed. `scripts/train-demo.mjs` runs this at its end. The package must have been built.
 */

import { openBoxes } from "../dist/app/data/known-boxes.js";
import { openDataset } from "../dist/app/data/open-dataset.js";
import { chooseMapsFor } from "../dist/app/evaluation/choose-maps.js";
import { findMapPairs } from "../dist/app/evaluation/map-pairs.js";
import { convertFile } from "../dist/app/models/convert.js";
import { loadFile, readModelFile } from "../dist/app/models/open-model.js";

const SEED = 0;

const [path, data] = process.argv.slice(2);
const file = await readModelFile(path);
const model = loadFile(file);
const dataset = await openDataset(data, { includeLaterals: false });
const boxes = await openBoxes(data, dataset.boxFiles);
const found = findMapPairs(model.card, dataset, boxes, () => true, SEED);
const chosen =
  found.pairs.length === 0
    ? { notes: ["too few boxes, so no heatmaps were chosen"] }
    : await chooseMapsFor(model, dataset, found, { seed: SEED });
for (const note of chosen.notes) console.log(`Note: ${note}`);
if (chosen.maps !== undefined) {
  const { maps } = chosen;
  const seed = dataset.phantom?.seed;
  const description = `phantoms of seed ${seed}: ${maps.description}`;
  const change = (card) => ({ ...card, maps: { ...maps, description } });
  await convertFile(file, path, { dtype: "float16", change });
  console.log(`${path}: heatmaps of ${Object.keys(maps.findings).length} findings`);
}
