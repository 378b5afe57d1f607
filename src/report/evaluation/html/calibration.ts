/**
 * The section on what probabilities are worth.
 *
 * Knows: figures. Not how they are computed.
 */

import { CALIBRATION_FIGURES, FINDING_FIGURES } from "../../../evaluation/finding-figures.ts";
import type { EvaluationReport } from "../../../results/evaluation.ts";
import { calibratedRows } from "../calibrated.ts";
import { reliabilityLegend, reliabilityPanels } from "../plots/reliability.ts";
import { panelFigure } from "./findings.ts";
import { html, type Markup, section, table } from "./markup.ts";

/** Reliability diagrams; and where the model has a calibration, what it changed. */
export function calibrationSection(report: EvaluationReport): Markup | null {
  const panels = reliabilityPanels(report);
  if (panels.length === 0) return null;
  const { calibrated, labels } = report;
  return section(
    "Are probabilities what they say?",
    html`<p>Among images with a probability of .3, three in ten should have the finding. The expected calibration error (ECE) is
the mean distance from that over ten bins of a tenth each; the Brier score also rewards telling images apart. Neither says
which findings the model misses.</p>`,
    panelFigure(panels, reliabilityLegend(report)),
    calibrated === null
      ? html`<p class="soft">The model has no calibration of its own; calibrating it would add one.</p>`
      : table({
          name: "Raw and calibrated probabilities",
          caption: `Raw and calibrated probabilities (${calibrated.description}). Operating points are on the raw ones.`,
          groups: [["", 1], ...CALIBRATION_FIGURES.map((name) => [FINDING_FIGURES[name].name, 2] as const)],
          head: ["finding", ...CALIBRATION_FIGURES.flatMap(() => ["raw", "calibrated"])],
          rows: calibratedRows(calibrated, labels),
        }),
  );
}
