/**
 * Judges a model on phantoms that it has not seen, with the package's own commands: `data phantom`, then `evaluate`.
 */

import { spawnSync } from "node:child_process";

/** A seed with none of the phantoms on which the demo model was trained. */
const SEED = 20261124;
const COUNT = 1000;

/** How often heatmaps of one kind hit boxes, 0 to 1. */
interface MapShares {
  readonly pointing: number;
  readonly pointing_tolerance: number;
  /** By threshold, `"0.1"` to `"0.7"`. */
  readonly iobb: Readonly<Record<string, number>>;
}

/** How regions match boxes, by threshold of IoU, `"0.1"` to `"0.5"`. */
interface RegionShares {
  readonly precision: Readonly<Record<string, number | null>>;
  readonly recall: Readonly<Record<string, number>>;
}

export interface Localisation {
  readonly n_images: number;
  readonly mean_box_area: number;
  readonly smaller_than_cell: boolean;
  readonly model: MapShares;
  readonly random: MapShares;
  readonly centre: MapShares;
  readonly regions: Readonly<Record<"model" | "random" | "centre", RegionShares>>;
}

/** What is read of `medical-x/evaluation@1`. */
export interface Figures {
  readonly n_images: number;
  readonly findings: Readonly<
    Record<
      string,
      {
        readonly n_positive: number;
        readonly auroc: number;
        readonly auroc_ci: readonly [number, number] | null;
      }
    >
  >;
  readonly mean: { readonly auroc: number; readonly auroc_ci: readonly [number, number] | null };
  readonly localisation: {
    readonly findings: Readonly<Record<string, Localisation>>;
    readonly overall: Localisation & { readonly n_pairs: number };
  };
}

/** The results, and the phantoms from which they come. */
export interface Judgement {
  readonly seed: number;
  readonly figures: Figures;
}

function medicalX(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["dist/bin/medical-x.js", ...args], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`medical-x ${args.join(" ")} ended with ${status}: ${stderr}`);
  return stdout;
}

/** Draw the phantoms that no model of the package has seen, unless they are in the folder already. */
export function drawPhantoms(folder: string): void {
  medicalX("data", "phantom", "--out", folder, "--count", `${COUNT}`, "--seed", `${SEED}`);
}

/**
 * Judge a model.
 *
 * @param model   As `--model` takes it.
 * @param folder  The folder in which phantoms are, or are to be drawn.
 * @param more    More options of `evaluate`.
 */
export function judge(model: string, folder: string, more: readonly string[] = []): Judgement {
  drawPhantoms(folder);
  const json = medicalX("evaluate", "--data", folder, "--model", model, "--format", "json", ...more);
  return { seed: SEED, figures: JSON.parse(json) };
}
