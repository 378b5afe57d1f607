/**
 * A graph in ONNX operators, in the forms for which ONNX Runtime's CPU kernels are fast.
 *
 * Pipeline:   graph → **lowered graph** → ONNX bytes → session
 * Knows:      the lowerings. They change what an op computes by no more than float32 rounding.
 */

import type { Graph } from "../graph/core/graph.ts";
import { rewritten, writtenForm } from "../graph/core/rewrite.ts";
import { channelSumsLowering } from "./channel-sums.ts";
import { heavisideLowering } from "./heaviside.ts";
import { scaleShiftLowering } from "./scale-shift.ts";
import { unfoldLowering } from "./unfold.ts";

const LOWERINGS = new Map([channelSumsLowering, heavisideLowering, scaleShiftLowering, unfoldLowering]);

/** The same graph with each op in its fast form, or in its plain form if ONNX lacks the op and there is no fast one. */
export function lowered(graph: Graph): Graph {
  return rewritten(graph, (op) => LOWERINGS.get(op) ?? writtenForm(op));
}
