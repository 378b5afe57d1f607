/**
 * Class activation maps at `features.norm5`, from the forward pass alone.
 *
 * Pipeline:   DenseNet121 → **heatmaps** → ONNX bytes → session
 * Knows:      the network's last features and its classifier. Not images or files.
 * Reference:  Selvaraju et al., Grad-CAM, 2017; Chattopadhay et al., Grad-CAM++, 2018; Draelos and Carin,
 *             HiResCAM, 2020; Jiang et al., LayerCAM, 2021; definitions as in pytorch-grad-cam.
 *
 * After norm5 come only a ReLU, the mean over positions and a linear layer. With A the output of norm5 (before
 * the ReLU), W the classifier and P positions, the gradient of logit c is therefore exactly
 *
 *     g_ck(i,j) = ∂logit_c / ∂A_k(i,j) = W_ck / P  where A_k(i,j) > 0, else 0,
 *
 * and every method that starts from g has a closed form: no backward pass is needed, and the maps of all
 * findings come out of the pass that gives the logits.
 */

import { gradcam } from "./gradcam.ts";
import { gradcamPlusPlus } from "./gradcam-plus-plus.ts";
import { hirescam } from "./hirescam.ts";
import type { ClosedForm } from "./inputs.ts";
import { layercam } from "./layercam.ts";

/** The methods, by the names that pytorch-grad-cam's users know. */
export type HeatmapMethod = "gradcam" | "gradcam++" | "hirescam" | "layercam" | "eigencam";

/** Each method's closed form; EigenCAM has none in the graph and is computed from the features. */
export const CLOSED_FORMS: { readonly [M in HeatmapMethod]: ClosedForm | "from-features" } = {
  gradcam,
  "gradcam++": gradcamPlusPlus,
  hirescam,
  layercam,
  eigencam: "from-features",
};

export const HEATMAP_METHODS = Object.keys(CLOSED_FORMS) as readonly HeatmapMethod[];
