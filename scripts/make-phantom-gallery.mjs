/**
 * Draws docs/images/phantoms.jpg, with one phantom for each finding, using the package's own generator.
 *
 * None of them is a patient. Run by hand: `npm run build && node scripts/make-phantom-gallery.mjs`.
 */

import sharp from "sharp";
import { drawPhantom } from "../dist/dataset/phantom/draw.js";
import { phantomImages } from "../dist/dataset/phantom/patients/patients.js";
import { FINDINGS } from "../dist/findings.js";

const SEED = 2026;

/** The first frontal image whose findings pass a test. */
const find = (images, fits) => images.find((image) => image.view === "PA" && fits(image.findings));

const images = phantomImages(SEED, 4000);

const CELL = 320;
const shown = [
  find(images, (found) => found.length === 0),
  ...FINDINGS.map(({ name }) => find(images, (found) => found.join() === name)),
];
const tiles = shown.flatMap((image, i) => {
  const { pixels, boxes } = drawPhantom(SEED, image, CELL);
  const place = { left: (i % 5) * CELL, top: Math.floor(i / 5) * CELL };
  const title = image.findings[0]?.replace("_", " ") ?? "No finding";
  const marks = boxes.map(
    ({ box }) =>
      `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" fill="none" stroke="#ffb000"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${CELL}" height="${CELL}">${marks.join("")}<rect y="${CELL - 26}" width="${CELL}" height="26" fill="#000" fill-opacity="0.6"/><text x="8" y="${CELL - 8}" font-family="sans-serif" font-size="16" fill="#fff">${title}</text></svg>`;
  return [
    { input: Buffer.from(pixels), raw: { width: CELL, height: CELL, channels: 1 }, ...place },
    { input: Buffer.from(svg), ...place },
  ];
});
await sharp({ create: { width: 5 * CELL, height: 3 * CELL, channels: 3, background: "#000" } })
  .composite(tiles)
  .jpeg({ quality: 85 })
  .toFile("docs/images/phantoms.jpg");
