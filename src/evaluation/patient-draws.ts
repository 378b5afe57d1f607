/**
 * Patients, drawn with replacement: the weights that a bootstrap gives to images.
 *
 * Images of one patient resemble each other, so patients are what is drawn, as many as there are, and all images of a
 * patient come together. To draw images one by one would make intervals too narrow.
 *
 * A replicate is not a new data set but weights on the old one, the number of times that each image's patient was drawn.
 * Each replicate has a stream of random numbers of its own, and patients are drawn in the order of their names, so that an
 * interval depends on the seed and the data alone, not on the order of either.
 *
 * Knows:      which images are of one patient. Not what is known of them.
 * Reference:  Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapters 8 and 13; Rutter, Bootstrap
 *             estimation of diagnostic accuracy with patient-clustered data, Academic Radiology 7, 2000.
 */

import { XrayError } from "../errors.ts";
import { Random } from "../random.ts";
import { checkLevel, DEFAULT_LEVEL } from "./intervals.ts";
import { LANES } from "./ranked-runs.ts";

/** The patient of each image: numbers or names, told apart by how they are written. */
export type Patients = ArrayLike<number> | ArrayLike<string>;

/** How patients are drawn, and which interval the draws give. */
export interface BootstrapOptions {
  /** How many times patients are drawn: 1 or more; by default 1,000. */
  readonly replicates?: number;
  /** By default 0. */
  readonly seed?: number;
  /** Of the intervals, between 0 and 1; by default 0.95. */
  readonly level?: number;
  /** Called after each draw that was looked at; a figure may take several rounds of draws. */
  readonly onDraw?: () => void;
}

const DEFAULT_REPLICATES = 1_000;

/** Bits of a lane, by the number of lanes: together no more than a double holds without rounding. */
const LANE_BITS = [53, 53, 26, 17] as const;

/** Draws of one set of images. */
export class PatientDraws {
  readonly level: number;
  /** How many draws there are: none of a single patient, who could only be drawn again. */
  readonly replicates: number;
  readonly images: number;
  /** Different ones. */
  readonly patients: number;
  readonly #seed: number;
  readonly #onDraw: () => void;
  /** Of each image, the index of its patient in the order of their names. */
  readonly #patientOf: Uint32Array;

  /**
   * @param patients  One for each image.
   * @throws          XrayError `evaluation/bad-replicates`, `evaluation/bad-level`.
   */
  constructor(patients: Patients, options: BootstrapOptions = {}) {
    const { replicates = DEFAULT_REPLICATES, seed = 0, level = DEFAULT_LEVEL } = options;
    checkLevel(level);
    if (!(Number.isInteger(replicates) && replicates >= 1)) {
      throw new XrayError(
        "evaluation/bad-replicates",
        `patients cannot be drawn ${replicates} times; give a whole number, 1 or more`,
        { replicates },
      );
    }
    const names = Array.from(patients as ArrayLike<number | string>, String);
    const indices = new Map([...new Set(names)].sort().map((name, index) => [name, index]));
    this.level = level;
    this.#seed = seed;
    this.#onDraw = options.onDraw ?? (() => undefined);
    this.#patientOf = Uint32Array.from(names, (name) => indices.get(name)!);
    this.images = names.length;
    this.patients = indices.size;
    this.replicates = this.patients < 2 ? 0 : replicates;
  }

  /** How many different patients some images are of. */
  patientsOf(images: ArrayLike<number>): number {
    const isAmong = new Uint8Array(this.patients);
    let count = 0;
    for (let i = 0; i < images.length; i++) {
      const patient = this.#patientOf[images[i]!]!;
      if (isAmong[patient] === 0) count++;
      isAmong[patient] = 1;
    }
    return count;
  }

  /** How often each patient is drawn in a replicate. */
  #times(replicate: number): Float64Array {
    const random = Random.of(this.#seed, "bootstrap", replicate);
    const times = new Float64Array(this.patients);
    for (let i = 0; i < this.patients; i++) times[random.int(this.patients)]! += 1;
    return times;
  }

  /** Each replicate's weights, one for each image. The same array every time: not to be kept or changed. */
  forEach(visit: (weights: Float64Array, replicate: number) => void): void {
    const weights = new Float64Array(this.images);
    for (let replicate = 0; replicate < this.replicates; replicate++) {
      const times = this.#times(replicate);
      for (let i = 0; i < weights.length; i++) weights[i] = times[this.#patientOf[i]!]!;
      visit(weights, replicate);
      this.#onDraw();
    }
  }

  /** How many replicates' weights fit into one number, where images are weighted 1 in the mean, and patients differ. */
  #lanes(): number {
    for (let lanes = LANES; lanes > 1; lanes--) if (1.1 * this.images < 2 ** LANE_BITS[lanes]!) return lanes;
    return 1;
  }

  /**
   * The same with several replicates in one number, as `walkDown` takes them.
   *
   * @param visit  Is told the bits of a lane, the first lane's replicate, and how many lanes there are.
   */
  forEachPacked(
    visit: (weights: Float64Array, bits: number, replicate: number, lanes: number) => void,
  ): void {
    const atOnce = this.#lanes();
    const weights = new Float64Array(this.images);
    for (let replicate = 0; replicate < this.replicates; replicate += atOnce) {
      const lanes = Math.min(atOnce, this.replicates - replicate);
      const drawn = Array.from({ length: lanes }, (_, lane) => this.#times(replicate + lane));
      const bits = LANE_BITS[atOnce]!;
      if (drawn.every((times) => this.#sum(times) < 2 ** bits)) {
        this.#pack(drawn, bits, weights);
        visit(weights, bits, replicate, lanes);
        for (let lane = 0; lane < lanes; lane++) this.#onDraw();
        continue;
      }
      // Patients with many images may all be drawn at once, though hardly ever.
      for (const [lane, times] of drawn.entries()) {
        this.#pack([times], LANE_BITS[1], weights);
        visit(weights, LANE_BITS[1], replicate + lane, 1);
        this.#onDraw();
      }
    }
  }

  #sum(times: Float64Array): number {
    let sum = 0;
    for (let i = 0; i < this.images; i++) sum += times[this.#patientOf[i]!]!;
    return sum;
  }

  #pack(drawn: readonly Float64Array[], bits: number, weights: Float64Array): void {
    const packed = new Float64Array(this.patients);
    for (const [lane, times] of drawn.entries()) {
      const place = 2 ** (lane * bits);
      for (let i = 0; i < packed.length; i++) packed[i]! += times[i]! * place;
    }
    for (let i = 0; i < weights.length; i++) weights[i] = packed[this.#patientOf[i]!]!;
  }
}
