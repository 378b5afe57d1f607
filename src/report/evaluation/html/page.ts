/**
 * `report.html`: an evaluation as one self-contained page.
 *
 * Knows: figures and words. Not how figures are computed.
 */

import type { EvaluationReport } from "../../../results/evaluation.ts";
import { count, counted } from "../../../text.ts";
import { withInterval } from "../figures.ts";
import { calibrationSection } from "./calibration.ts";
import { comparisonSection } from "./comparison.ts";
import { exampleSection } from "./examples.ts";
import { findingSection, operatingPointSection } from "./findings.ts";
import { faithfulnessSection, localisationSection } from "./heatmaps.ts";
import { html, type Markup, markup, section } from "./markup.ts";
import { STYLE } from "./style.ts";
import { subgroupSection } from "./subgroups.ts";

/** Facts that the caller has to supply. */
export interface PageFacts {
  /** Of Medical-X. */
  readonly version: string;
  /** As it is to be shown, such as `2026-11-25`. */
  readonly date: string;
}

function header(report: EvaluationReport, { date, version }: PageFacts): Markup {
  const { predictor, labelFile, evaluation, bootstrap, warnings, notices } = report;
  const what = predictor.kind === "model" ? "model" : "prediction file";
  return html`<header><h1>${predictor.name}</h1>
<p class="lead">Evaluation of a ${what} on ${counted(evaluation.images, "image")} of ${counted(evaluation.patients, "patient")}</p>
${notices.map((notice) => html`<p class="notice">${notice}</p>`)}
${warnings.map((warning) => html`<p class="warning"><b>Warning:</b> ${warning}.</p>`)}
<div class="numbers">
<div><b>${withInterval(evaluation.mean.auroc)}</b><span>mean AUROC of ${counted(evaluation.mean.findings, "finding")}</span></div>
<div><b>${withInterval(evaluation.mean.averagePrecision)}</b><span>mean average precision</span></div>
<div><b>${count(evaluation.images)}</b><span>images</span></div>
<div><b>${count(evaluation.patients)}</b><span>patients</span></div>
</div>
<dl>
<dt>${what}</dt><dd>${predictor.name}, sha256 <code>${predictor.sha256}</code></dd>
<dt>label file</dt><dd>${labelFile.name}, sha256 <code>${labelFile.sha256}</code></dd>
<dt>intervals</dt><dd>95 %, percentiles of ${counted(bootstrap.replicates, "bootstrap replicate")} over patients, seed ${bootstrap.seed}</dd>
<dt>made</dt><dd>${date}, with Medical-X ${version}</dd>
</dl></header>`;
}

function notes({ notes: all }: EvaluationReport): Markup | null {
  return all.length === 0
    ? null
    : section("Notes", html`<ul>${all.map((note) => html`<li>${note}</li>`)}</ul>`);
}

const REFERENCES = [
  "Hanley and McNeil, 1982 (AUROC); DeLong, DeLong and Clarke-Pearson, 1988 (its variance); Sun and Xu, 2014.",
  "Rutter, 2000; Efron and Tibshirani, 1993 (bootstrap over patients).",
  "Youden, 1950; Deeks and Altman, 2004 (likelihood ratios); Holm, 1979.",
  "Naeini et al., 2015; Guo et al., 2017 (calibration error); Brier, 1950; Steyerberg et al., 2010 (scaled); Wilson, 1927.",
  "Seyyed-Kalantari et al., 2021 (gaps between groups).",
  "Wang et al., 2017; Zhang et al., 2016; Petsiuk et al., 2018 (heatmaps).",
  "Everingham et al., 2010; Maier-Hein et al., 2024 (matching of regions); Bunch et al., 1978 (free-response curve).",
];

/** The whole page. */
export function evaluationPage(report: EvaluationReport, facts: PageFacts): string {
  const { comparison, localisation, faithfulness, predictor } = report;
  const body = html`${header(report, facts)}
${findingSection(report)}
${operatingPointSection(report)}
${calibrationSection(report)}
${comparison && comparisonSection(comparison, predictor)}
${subgroupSection(report)}
${localisation && localisationSection(localisation)}
${faithfulness && faithfulnessSection(faithfulness)}
${exampleSection(report)}
${notes(report)}
<footer><p>Methods: ${REFERENCES.join(" ")}</p><p>${report.notices.at(-1) ?? ""}</p></footer>`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${predictor.name}: evaluation</title><style>${markup(STYLE)}</style></head>
<body><main>${body}</main></body></html>
`.text;
}
