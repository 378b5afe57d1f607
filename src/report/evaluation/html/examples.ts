/**
 * The section that shows individual images.
 *
 * Knows: plain data.
 */

import { displayName } from "../../../findings.ts";
import type { EvaluationReport } from "../../../results/evaluation.ts";
import type { Example, ExampleKind } from "../../../results/examples.ts";
import { EXAMPLE_KINDS } from "../../../results/examples.ts";
import { html, type Markup, section } from "./markup.ts";

const TITLES: Readonly<Record<ExampleKind, string>> = {
  misses: "Misses: labelled, below the threshold",
  falseAlarms: "False alarms: not labelled, above it",
  hits: "Hits: labelled, above it",
};

/** Bytes as base64, encoded in pieces that are short enough for one call. */
function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

/** What one of each is called. */
const SINGLE: Readonly<Record<ExampleKind, string>> = {
  misses: "missed",
  falseAlarms: "false alarm",
  hits: "hit",
};

const percent = (share: number): string =>
  `${share > 0 && share < 0.001 ? (share * 100).toPrecision(1) : (share * 100).toFixed(1)} %`;

function item({ image, probability, pictures = [] }: Example, label: string, kind: ExampleKind): Markup {
  const shown = percent(probability);
  const words = html`<b>${shown}</b> ${image}`;
  const drawn = pictures.map(({ jpeg, remarks }) => {
    const map = remarks.join("; ");
    const alt = `${image}, ${displayName(label)} ${SINGLE[kind]}, ${shown}, beneath its heatmap (${map})`;
    return html`<figure><img src="data:image/jpeg;base64,${base64(jpeg)}" alt="${alt}"><figcaption>${map}</figcaption></figure>`;
  });
  return drawn.length === 0
    ? html`<li>${words}</li>`
    : html`<li><div class="maps">${drawn}</div>${words}</li>`;
}

/** Misses, false alarms and hits for each finding; null if there are none. */
export function exampleSection({ examples }: EvaluationReport): Markup | null {
  if (examples.length === 0) return null;
  const hasPictures = examples.some((one) =>
    EXAMPLE_KINDS.some((kind) => one[kind].some(({ pictures }) => pictures !== undefined)),
  );
  const hasTwo = examples.some((one) =>
    EXAMPLE_KINDS.some((kind) => one[kind].some(({ pictures = [] }) => pictures.length > 1)),
  );
  return section(
    "Individual images",
    html`<p>The images that the model gets most wrong and most right at each finding’s operating point${
      examples.some(({ isFitted }) => isFitted)
        ? " (by Youden’s J, fitted to these very images, if there is none)"
        : ""
    }. A miss or a false alarm may also be an error of the label, so look at the image.${
      hasPictures ? " Colours show the finding’s heatmap; boxes show where the finding is known to be." : ""
    }${
      hasTwo
        ? " Beside the heatmap that this report judges stands the one that the model’s card names for the finding."
        : ""
    }</p>`,
    examples.map(
      (one) =>
        html`<h3>${displayName(one.label)} <span class="soft">at ${percent(one.threshold)}${one.isFitted ? ", Youden’s" : ""}</span></h3><div class="examples${hasPictures ? "" : " plain"}">${EXAMPLE_KINDS.map(
          (kind) =>
            html`<div><h4>${TITLES[kind]}</h4><ul>${one[kind].length === 0 ? html`<li>none</li>` : one[kind].map((example) => item(example, one.label, kind))}</ul></div>`,
        )}</div>`,
    ),
  );
}
