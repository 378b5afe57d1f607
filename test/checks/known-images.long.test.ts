/** Fits of known images that take seconds each: twice the same, and one for each fifth of the patients. */

import { expect, test } from "vitest";
import { fitKnownImages } from "../../src/checks/fit-known-images.ts";
import { KnownImagesRule } from "../../src/checks/known-images.ts";
import { features } from "./made-features.ts";

test("the same images give the same figures", () => {
  const images = { training: features(1, 160), heldOut: features(3, 100), patients: [] };
  expect(fitKnownImages(images)).toEqual(fitKnownImages(images));
});

test("where few images are held out, the limit comes from all images, a fifth of the patients at a time", () => {
  const all = features(1, 80);
  const patients = all.map((_, i) => i >> 1);
  const fitted = fitKnownImages({ training: all.slice(0, 70), heldOut: all.slice(70), patients })!;
  expect(fitted).toMatchObject({ images: 80, heldOut: 80, isCrossFitted: true });
  const rule = new KnownImagesRule({ ...fitted, description: "" });
  // Images of the fit are nearer to it than they were when they were left out.
  expect(Math.max(...all.map((row) => rule.distance(row)))).toBeLessThan(fitted.limit);
});
