/**
 * Gives the demo model's card its figures on known images, for the input check `known-images`, and leaves everything
 * else in the file as it is:
 *
 *   node scripts/demo-known-images.mjs models/demo.safetensors runs/demo/phantoms-102
 *
 * The second argument is the folder of the phantoms that the model was trained on last. Its card says which of them were
 * held out from training: the limit comes from those. `train` writes such figures as well, but for weights in float32,
 * and the demo model's are rounded to float16. `scripts/train-demo.mjs` runs this as its last step. The package must have
 * been built.
 */

import { openDataset } from "../dist/app/data/open-dataset.js";
import { rememberedImages } from "../dist/app/data/seen-names.js";
import { convertFile } from "../dist/app/models/convert.js";
import { measureKnownImages, withFeaturesOf } from "../dist/app/models/measure-known-images.js";
import { loadFile, readModelFile } from "../dist/app/models/open-model.js";
import { PackedNames } from "../dist/dataset/image-hashes.js";

const SEED = 1;

const [path, folder] = process.argv.slice(2);
const file = await readModelFile(path);
const { table, paths, phantom } = await openDataset(folder, { includeLaterals: false });
const names = table.images.map(({ image }) => image);
const seen = file.checkpoint.card.learnedFrom.at(-1);

/** The images of a packed list. */
function imagesIn(packed) {
  const found = rememberedImages(new PackedNames(packed), names, phantom);
  return table.images.flatMap(({ image, patient }, index) => (found.has(image) ? [{ index, patient }] : []));
}

const images = {
  data: `phantoms of seed ${phantom.seed}`,
  training: imagesIn(seen.training),
  heldOut: imagesIn(seen.validation),
  seed: SEED,
};
const measured = await withFeaturesOf(
  loadFile(file),
  (index) => paths[index],
  {},
  {},
  (featuresOf) =>
    measureKnownImages(images, featuresOf, { onProgress: () => undefined, isStopping: () => false }),
);
if (measured.knownImages === undefined) {
  console.log(measured.without);
} else {
  const { knownImages } = measured;
  await convertFile(file, path, { dtype: "float16", change: (card) => ({ ...card, knownImages }) });
  const { description, limit } = knownImages;
  console.log(`${path}: figures on known images from ${description}; the limit is ${limit.toFixed(2)}`);
}
