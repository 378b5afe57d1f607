/**
 * The section on calibration: whether probabilities mean what they say.
 *
 * Knows: figures. Not how they are computed.
 */

import { CALIBRATION_FIGURES, FINDING_FIGURES } from "../../../evaluation/finding-figures.ts";
import type { EvaluationReport } from "../../../results/evaluation.ts";
import { calibratedRows } from "../calibrated.ts";
import { reliabilityLegend, reliabilityPanels } from "../plots/reliability.ts";
import { panelFigure } from "./findings.ts";
import { html, type Markup, section, table } from "./markup.ts";

/** Reliability diagrams, and what the model’s calibration changed if it has one. */
export function calibrationSection(report: EvaluationReport): Markup | null {
  const panels = reliabilityPanels(report);
  if (panels.length === 0) return null;
  const { calibrated, labels } = report;
  return section(
    "Do probabilities mean what they say?",
    html`<p>Among images with a probability of .3, three in ten should have the finding. The expected calibration error (ECE)
measures only that; the Brier score also rewards a model for separating images with the finding from those without it.</p>`,
    panelFigure(panels, reliabilityLegend(report)),
    calibrated === null
      ? html`<p class="soft">The model has no calibration.</p>`
      : table({
          name: "Raw and calibrated probabilities",
          caption: `Raw and calibrated probabilities (${calibrated.description}). Operating points apply to the raw ones.`,
          groups: [["", 1], ...CALIBRATION_FIGURES.map((name) => [FINDING_FIGURES[name].name, 2] as const)],
          head: ["finding", ...CALIBRATION_FIGURES.flatMap(() => ["raw", "calibrated"])],
          rows: calibratedRows(calibrated, labels),
        }),
  );
}
