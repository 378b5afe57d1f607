/**
 * Public DenseNet121 checkpoints for chest X-rays, one row each.
 *
 * Knows: facts about files that others publish. Not how to download them.
 *
 * None of these files is part of this package: `models pull` downloads a file from where its authors published it,
 * under their licence, and verifies it. Hashes and URLs are the publishers'. If no hash is published, that of the first
 * download is recorded on the user's machine.
 */

import { FINDING_NAMES } from "../findings.ts";
import type { Preparation } from "../image/preparation.ts";
import { about, just, type Of, object, oneKind, text } from "../schema/schema.ts";
import { type ModelCard, XRV_PREPARATION } from "./card.ts";
import type { LearnedFrom } from "./learned-from.ts";
import { type XrvName, xrvOutputs, xrvPoints } from "./xrv-weights.ts";

const CHECKS = [
  about(
    "The publisher gives the first hexadecimal digits of the file's SHA-256.",
    object({ kind: just("sha256-prefix"), value: text() }),
  ),
  about(
    "The publisher gives git's blob id, the SHA-1 of `blob <size>\\0` and the bytes.",
    object({ kind: just("git-blob"), value: text() }),
  ),
  about(
    "No hash is published: later downloads must equal the first.",
    object({ kind: just("first-download") }),
  ),
] as const;

export const CHECK = oneKind("kind", CHECKS, ["sha256-prefix", "git-blob", "first-download"]);

/** How a download is verified. */
export type Check = Of<typeof CHECK>;

/** A backbone has no findings: training can start from it, but it cannot predict. */
export const USES = ["findings", "backbone"] as const;

/** One public checkpoint. */
export interface CatalogueRow {
  readonly name: string;
  readonly title: string;
  readonly url: string;
  /** Name of the file in the cache. */
  readonly file: string;
  readonly check: Check;
  readonly use: (typeof USES)[number];
  readonly card: ModelCard;
}

const TEN_CROP: Preparation = [
  { step: "rgb" },
  { step: "resize-shorter", size: 256 },
  { step: "ten-crop", size: 224 },
  { step: "normalise", scheme: "imagenet" },
];

export const CENTER_CROP: Preparation = [
  { step: "rgb" },
  { step: "resize-shorter", size: 224 },
  { step: "center-crop", size: 224 },
  { step: "normalise", scheme: "imagenet" },
];

/** For the two reimplementations that publish their lists of images. */
const CHEXNET_IMAGES: readonly LearnedFrom[] = [{ dataset: "ChestX-ray14", split: "chexnet" }];
/** reproduce-chexnet tests on the same images, but divides the rest differently. */
const ZECH_IMAGES: readonly LearnedFrom[] = [{ dataset: "ChestX-ray14", split: "chexnet-test" }];

const CHEXNET = "Rajpurkar et al., CheXNet, arXiv:1711.05225 (reimplementation)";

const CHEXNET_FAMILY: readonly CatalogueRow[] = [
  {
    name: "arnoweng-chexnet",
    title: "CheXNet reimplementation by arnoweng (mean AUROC .843, its own test set)",
    url: "https://raw.githubusercontent.com/arnoweng/CheXNet/master/model.pth.tar",
    file: "arnoweng-chexnet.pth.tar",
    check: { kind: "git-blob", value: "14922ae7de18767793f6ac85cf51df950327d96c" },
    use: "findings",
    card: {
      labels: FINDING_NAMES,
      preparation: TEN_CROP,
      licence: "none stated",
      citation: CHEXNET,
      source: "arnoweng/CheXNet",
      learnedFrom: CHEXNET_IMAGES,
    },
  },
  {
    name: "zoogzog-chexnet",
    title: "CheXNet reimplementation by zoogzog (mean AUROC .851, its own test set)",
    url: "https://raw.githubusercontent.com/zoogzog/chexnet/master/models/m-25012018-123527.pth.tar",
    file: "zoogzog-chexnet.pth.tar",
    check: { kind: "git-blob", value: "003f3dc833b89d4f0b4e2b7307d93e1761785fb7" },
    use: "findings",
    card: {
      labels: FINDING_NAMES,
      preparation: TEN_CROP,
      licence: "none stated",
      citation: CHEXNET,
      source: "zoogzog/chexnet",
      learnedFrom: CHEXNET_IMAGES,
    },
  },
  {
    name: "jrzech-chexnet",
    title: "reproduce-chexnet by J. R. Zech, torch 1.12 (mean AUROC .838)",
    url: "https://raw.githubusercontent.com/jrzech/reproduce-chexnet/master/pretrained/checkpoint",
    file: "jrzech-chexnet.pth",
    check: { kind: "git-blob", value: "637c09c2e4295febb266679b18036db052c40f79" },
    use: "findings",
    card: {
      labels: FINDING_NAMES,
      preparation: CENTER_CROP,
      licence: "BSD-3-Clause",
      citation: CHEXNET,
      source: "jrzech/reproduce-chexnet",
      learnedFrom: ZECH_IMAGES,
    },
  },
  {
    name: "jrzech-chexnet-old",
    title: "reproduce-chexnet by J. R. Zech, torch 0.4 (mean AUROC .838)",
    url: "https://raw.githubusercontent.com/jrzech/reproduce-chexnet/master/pretrained-old/checkpoint",
    file: "jrzech-chexnet-old.pth",
    check: { kind: "git-blob", value: "0fb3335f92897149d3a52ce69eb84c03be8dbc82" },
    use: "findings",
    card: {
      labels: FINDING_NAMES,
      preparation: CENTER_CROP,
      licence: "BSD-3-Clause",
      citation: CHEXNET,
      source: "jrzech/reproduce-chexnet",
      learnedFrom: ZECH_IMAGES,
    },
  },
];

const NIH_ALONE = "NIH ChestX-ray14";

/**
 * What torchxrayvision's models learned from. Which images they held out is not published. It is known only that no
 * model has seen images of ChestX-ray14 unless it was trained on NIH's data or RSNA's, which are ChestX-ray14's images
 * under other names.
 */
function learnedFromOf(dataset: string): LearnedFrom[] {
  const isOfNih = /NIH|RSNA/.test(dataset);
  const isOfNihAlone = dataset === NIH_ALONE;
  return [
    ...(isOfNih ? [{ dataset, split: "unpublished" as const }] : []),
    ...(isOfNihAlone ? [] : [{ dataset, split: "none" as const }]),
  ];
}

function xrvRow(name: XrvName, datasets: string, prefix: string): CatalogueRow {
  return {
    name: `xrv-${name}`,
    title: `torchxrayvision densenet121-res224-${name} (trained on ${datasets})`,
    url: `https://github.com/mlmed/torchxrayvision/releases/download/v1/${prefix}-densenet121-d121-tw-lr001-rot45-tr15-sc15-seed0-best.pt`,
    file: `xrv-${name}.pt`,
    check: { kind: "first-download" },
    use: "findings",
    card: {
      ...xrvOutputs(xrvPoints(name)),
      preparation: XRV_PREPARATION,
      licence: "Apache-2.0",
      citation: "Cohen et al., TorchXRayVision, MIDL 2022",
      source: "mlmed/torchxrayvision",
      learnedFrom: learnedFromOf(datasets),
    },
  };
}

const XRV: readonly CatalogueRow[] = [
  xrvRow(
    "all",
    "NIH, PadChest, CheXpert, MIMIC, Google, OpenI, RSNA",
    "nih-pc-chex-mimic_ch-google-openi-kaggle",
  ),
  xrvRow("nih", NIH_ALONE, "nih"),
  xrvRow("pc", "PadChest", "pc"),
  xrvRow("chex", "CheXpert", "chex"),
  xrvRow("mimic_nb", "MIMIC-CXR, NegBio labels", "mimic_nb"),
  xrvRow("mimic_ch", "MIMIC-CXR, CheXpert labels", "mimic_ch"),
  xrvRow("rsna", "RSNA Pneumonia Challenge", "kaggle"),
];

/** All rows of the catalogue. */
export const CATALOGUE: readonly CatalogueRow[] = [
  {
    name: "imagenet",
    title: "torchvision DenseNet121 on ImageNet: a backbone to train from, with no findings",
    url: "https://download.pytorch.org/models/densenet121-a639ec97.pth",
    file: "densenet121-a639ec97.pth",
    check: { kind: "sha256-prefix", value: "a639ec97" },
    use: "backbone",
    card: {
      licence: "BSD-3-Clause (code)",
      citation: "Huang et al., Densely Connected Convolutional Networks, CVPR 2017",
      source: "pytorch/vision",
    },
  },
  ...CHEXNET_FAMILY,
  ...XRV,
];

/** Find a row by its name, ignoring case. */
export function findRow(name: string): CatalogueRow | undefined {
  return CATALOGUE.find((row) => row.name === name.toLowerCase());
}
