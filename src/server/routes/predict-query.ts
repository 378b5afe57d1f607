/**
 * The query of `POST api/predict`.
 *
 * Knows: options of a prediction, and how a query writes them.
 */

import { HEATMAP_METHODS } from "../../heatmaps/methods.ts";
import { VOI_CHOICES } from "../../image/prepare.ts";
import { HEATMAP_LAYERS } from "../../models/densenet121.ts";
import { share } from "../../results/figures.ts";
import { checkOptions } from "../../schema/options.ts";
import {
  about,
  either,
  just,
  maybe,
  type Of,
  object,
  oneOf,
  some,
  text,
  whole,
} from "../../schema/schema.ts";

/** Frames and pages are counted from 1. */
const MOST_PAGES = 1_000_000;

export const PREDICT_QUERY = object({
  threshold: maybe(
    about(
      "The probability from which a finding counts as detected, 0.5 by default; `card` for the model's own.",
      either(share(), just("card"), "must be a number from 0 to 1, or card"),
    ),
  ),
  maps: maybe(
    about(
      "`json` for heatmaps in each result, `npy` for heatmaps alone as a NumPy array; `none` by default.",
      oneOf(["none", "json", "npy"]),
    ),
  ),
  method: maybe(
    about(
      "The heatmap method, Grad-CAM by default; `card` for the one that the model's card names for each finding.",
      oneOf([...HEATMAP_METHODS, "card"]),
    ),
  ),
  layer: maybe(
    about("The layer of heatmaps, or several to fuse; norm5 by default.", some(oneOf(HEATMAP_LAYERS))),
  ),
  findings: maybe(
    about(
      "The findings whose heatmaps are wanted: names, or `top`, `detected` or `all`, which begin with the most probable. By default all, in the model's order.",
      some(text()),
    ),
  ),
  voi: maybe(about("How the stored values of a DICOM image become grey levels.", oneOf(VOI_CHOICES))),
  frame: maybe(about("Frame of a DICOM image, counted from 1.", whole(1, MOST_PAGES))),
  page: maybe(about("Page of a TIFF, counted from 1.", whole(1, MOST_PAGES))),
});

export type PredictQuery = Of<typeof PREDICT_QUERY>;

const LISTS = ["findings", "layer"];
const NUMBERS = ["threshold", "frame", "page"];

/** A value of a query as the schema has it. What does not fit stays as it is, and the schema refuses it. */
function typed(name: string, value: unknown): unknown {
  if (LISTS.includes(name))
    return String(value)
      .split(",")
      .map((one) => one.trim());
  if (typeof value !== "string") return value;
  if (NUMBERS.includes(name) && /^[\d.eE+-]+$/.test(value)) return Number(value);
  // A query may write a space as +, so the + of `gradcam++` arrive as spaces unless they are escaped.
  return name === "method" ? value.replaceAll(" ", "+") : value;
}

/**
 * Read a query.
 *
 * @param query  Texts by name, or lists of texts for names that occur several times.
 * @throws       XrayError `server/bad-request`: the parameter, what it must be, and what was found.
 */
export function readPredictQuery(query: object): PredictQuery {
  const options = Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, typed(name, value)]),
  );
  return checkOptions(PREDICT_QUERY, options, { code: "server/bad-request", what: "the query is not valid" });
}
