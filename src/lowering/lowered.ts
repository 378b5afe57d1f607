/**
 * A graph in operators of ONNX's, in the forms that ONNX Runtime's CPU kernels are fast for.
 *
 * Pipeline:   graph → **lowered graph** → ONNX bytes → session
 * Knows:      the lowerings. What an op computes never depends on them, but to float32 rounding.
 */

import type { Graph } from "../graph/core/graph.ts";
import { rewritten, writtenForm } from "../graph/core/rewrite.ts";
import { channelSumsLowering } from "./channel-sums.ts";
import { heavisideLowering } from "./heaviside.ts";
import { scaleShiftLowering } from "./scale-shift.ts";
import { unfoldLowering } from "./unfold.ts";

const LOWERINGS = new Map([channelSumsLowering, heavisideLowering, scaleShiftLowering, unfoldLowering]);

/** The same graph with each op in its fast form. Any other that ONNX does not have is in its plain one. */
export function lowered(graph: Graph): Graph {
  return rewritten(graph, (op) => LOWERINGS.get(op) ?? writtenForm(op));
}
