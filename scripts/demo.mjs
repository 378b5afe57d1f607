/**
 * The demo: a trained DenseNet121 predicts drawn phantoms whose findings are known.
 *
 * Run by `npm run demo`. Draws the twelve phantoms of `examples/` if they are missing, predicts one of them with
 * heatmaps, and then compares predictions of all of them with what was drawn. With `--pictures` it also remakes the
 * README's pictures.
 */

import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import sharp from "sharp";

/** The first twelve phantoms of this seed show all 14 findings between them. */
const EXAMPLES = ["--out", "examples", "--count", "12", "--seed", "15058"];
const EXAMPLE = "examples/images/00000004_000.png";

const PICTURE = "gradcam_result.jpg";

/** Run a command of the package. Returns its output unless it is shown. */
function medicalX(args, isShown) {
  const { status, stdout } = spawnSync(process.execPath, ["dist/bin/medical-x.js", ...args], {
    stdio: ["ignore", isShown ? "inherit" : "pipe", "inherit"],
    encoding: "utf8",
  });
  if (status !== 0) process.exit(status ?? 1);
  return stdout;
}

if (!existsSync("examples/Data_Entry_2017.csv")) medicalX(["data", "phantom", ...EXAMPLES], false);

rmSync(PICTURE, { force: true });
const predict = ["predict", "--model", "demo", "--truth", "examples"];
medicalX([...predict, "--image", EXAMPLE, "--gradcam", "--findings", "detected"], true);

const results = JSON.parse(medicalX([...predict, "--image", "examples/images", "--format", "json"], false));
const words = (labels) => labels.map((label) => label.replace("_", " ")).join(", ") || "none";
// Images that somebody else put there have no known findings.
const known = results.filter(({ truth }) => truth !== undefined);
const rows = known.map(({ image, model, truth, detected }) => {
  const drawn = model.labels.filter((label) => truth[label] === 1);
  const missed = drawn.filter((label) => !detected.includes(label));
  const wrong = detected.filter((label) => truth[label] !== 1);
  const verdict = [
    ...(missed.length > 0 ? [`missed ${words(missed)}`] : []),
    ...(wrong.length > 0 ? [`found ${words(wrong)}, which was not drawn`] : []),
  ];
  const right = drawn.length > 0 ? "all found" : "nothing found";
  return { image: basename(image), drawn, verdict: verdict.join("; ") || right };
});
console.log("\nAll twelve examples: what was drawn, and whether it was found (threshold 0.5)");
const width = Math.max(...rows.map(({ drawn }) => words(drawn).length));
for (const { image, drawn, verdict } of rows)
  console.log(`  ${image}  ${words(drawn).padEnd(width)}  ${verdict}`);
if (existsSync(PICTURE)) console.log(`\nPicture   : ${PICTURE}`);

if (process.argv.includes("--pictures")) {
  copyFileSync(PICTURE, "docs/images/demo.jpg");
  await makeGallery();
}

/**
 * Make docs/images/heatmaps.jpg: some findings of the examples, each under Grad-CAM at norm5 and, below it, under the heatmap
 * that the model's card names.
 */
async function makeGallery() {
  const SIDE = 384;
  const COLUMNS = 3;
  const SHOWN = [
    ["00000006_000.png", "Nodule"],
    ["00000004_000.png", "Mass"],
    ["00000007_000.png", "Effusion"],
    ["00000008_000.png", "Pneumonia"],
    ["00000005_000.png", "Pleural_Thickening"],
    ["00000009_000.png", "Hernia"],
  ];
  const folder = mkdtempSync(join(tmpdir(), "medical-x-demo-"));
  const tiles = [];
  for (const [i, [image, finding]] of SHOWN.entries()) {
    for (const [below, method] of ["gradcam", "card"].entries()) {
      const shown = ["--image", `examples/images/${image}`, "--gradcam", "--findings", finding];
      medicalX([...predict, ...shown, "--method", method, "--out", folder], false);
      const overlay = readFileSync(join(folder, image.replace(".png", ".gradcam.jpg")));
      const input = await sharp(overlay).resize(SIDE, SIDE).toBuffer();
      const row = 2 * Math.floor(i / COLUMNS) + below;
      tiles.push({ input, left: (i % COLUMNS) * SIDE, top: row * SIDE });
    }
  }
  rmSync(folder, { recursive: true });
  const [width, height] = [COLUMNS * SIDE, 2 * Math.ceil(SHOWN.length / COLUMNS) * SIDE];
  await sharp({ create: { width, height, channels: 3, background: "#000" } })
    .composite(tiles)
    .jpeg({ quality: 85 })
    .toFile("docs/images/heatmaps.jpg");
}
