/**
 * Drawing one phantom: from the description of an image to grey values and boxes.
 *
 * Pipeline:   patient → measurements → (findings change them) → trunk, bones, vessels → signs → **film**
 * Knows:      the order in which things are drawn. No phantom is taken from a real chest.
 */

import { Random } from "../../random.ts";
import { paintDevices, paintMarker } from "./chest/devices.ts";
import { type DrawnBox, Scene } from "./chest/scene.ts";
import { paintSkeleton } from "./chest/skeleton.ts";
import { SIDES, thoraxOf } from "./chest/thorax.ts";
import { paintAirways, paintBelly, paintBreasts, paintTrunk } from "./chest/tissue.ts";
import { paintVessels } from "./chest/vessels.ts";
import { Field } from "./drawing/field.ts";
import { expose, exposureOf } from "./drawing/film.ts";
import { at, Pose } from "./drawing/geometry.ts";
import type { PhantomImage } from "./patients/patients.ts";
import { SIGNS } from "./signs/index.ts";
import type { Degree } from "./signs/sign.ts";

/** Increased whenever a seed gives different pictures than before. */
export const PHANTOM_VERSION = 1;

/** A drawn image. */
export interface Phantom {
  /** Grey values, [size, size], row-major. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** Boxes of the findings, in pixels of this image. Findings that are everywhere have none. */
  readonly boxes: readonly DrawnBox[];
}

/** The patient's rotation, distance and position relative to the film, which vary more in bed. */
function poseOf(random: Random, isAp: boolean): Pose {
  const ease = isAp ? 1.6 : 1;
  const angle = random.uniform(-0.03, 0.03) * ease;
  const shift = at(random.uniform(-0.025, 0.025) * ease, random.uniform(-0.015, 0.035) * ease);
  return new Pose(angle, random.uniform(0.94, 1.06) * (isAp ? 1.03 : 1), shift);
}

/** The fine structure of the lungs, which is smaller than the vessels that are drawn. */
function paintTexture(scene: Scene, random: Random): void {
  const { air } = scene.canvas;
  const grains = Field.noise(random, 0.03, 3);
  for (const side of SIDES) {
    scene.canvas.each(scene.lung(side).bounds, (x, y, i) => {
      if (air[i]! > 0) air[i]! *= 1 - 0.05 * grains.at(x, y);
    });
  }
}

/**
 * Draw one image.
 *
 * @param seed   The seed that was given to `phantomImages`.
 * @param size   Width and height in pixels, 64 to 2048.
 * @returns      The same bytes for the same seed, image and size.
 */
export function drawPhantom(seed: number, image: PhantomImage, size: number): Phantom {
  const ofPatient = (...keys: (string | number)[]) => Random.of(seed, "phantom", image.patient, ...keys);
  const ofImage = (...keys: (string | number)[]) => ofPatient("image", image.followUp, ...keys);
  const thorax = thoraxOf(ofPatient("thorax"), image);
  const signs = [...SIGNS].filter(([finding]) => image.findings.includes(finding));
  const degrees = new Map(signs.map(([finding]) => [finding, ofImage("degree", finding).next()]));
  const degreeOf = (finding: string): Degree => ({
    random: ofPatient("sign", finding),
    degree: degrees.get(finding)!,
  });
  for (const [finding, sign] of signs) sign.shape?.(thorax, degreeOf(finding));

  const scene = new Scene(thorax, size, poseOf(ofImage("pose"), thorax.isAp));
  paintTrunk(scene);
  paintBreasts(scene, ofPatient("breasts"));
  paintAirways(scene, ofPatient("airways"));
  paintBelly(scene, ofImage("belly"));
  paintSkeleton(scene, ofPatient("skeleton"));
  paintVessels(scene, ofPatient("vessels"));
  paintTexture(scene, ofPatient("texture"));
  const boxes = signs.flatMap(([finding, sign]) =>
    (sign.paint?.(scene, degreeOf(finding)) ?? []).flatMap((box) =>
      box === undefined ? [] : { finding, box },
    ),
  );
  paintDevices(scene, ofImage("devices"));
  paintMarker(scene, ofImage("marker"));
  const film = ofImage("film");
  const { tissue, air } = scene.canvas;
  const pixels = expose(tissue, air, size, exposureOf(film, thorax.isAp), film);
  scene.canvas.release();
  return { pixels, boxes };
}
