/**
 * Class activation maps: at `features.norm5` from the forward pass alone, at any other layer from gradients.
 *
 * Pipeline:   DenseNet121 → **heatmaps** → ONNX bytes → session
 * Knows:      a layer's features, their gradients, the classifier. Not images or files.
 * Reference:  Selvaraju et al., Grad-CAM, 2017; Chattopadhay et al., Grad-CAM++, 2018; Draelos and Carin,
 *             HiResCAM, 2020; Jiang et al., LayerCAM, 2021; definitions as in pytorch-grad-cam.
 *
 * After norm5 come only a ReLU, the mean over positions and a linear layer. With A the output of norm5 (before
 * the ReLU), W the classifier and P the number of positions, the gradient of logit c is therefore exactly
 *
 *     g_ck(i,j) = ∂logit_c / ∂A_k(i,j) = W_ck / P  where A_k(i,j) > 0, else 0,
 *
 * and every method that starts from g has a closed form: no backward pass is needed, and the pass that gives the
 * logits also gives the maps of all findings.
 */

import type { GradientForm } from "./from-gradients.ts";
import { gradcam, gradcamFromGradients } from "./gradcam.ts";
import { gradcamPlusPlus, gradcamPlusPlusFromGradients } from "./gradcam-plus-plus.ts";
import { hirescam, hirescamFromGradients } from "./hirescam.ts";
import type { ClosedForm } from "./inputs.ts";
import { layercam, layercamFromGradients } from "./layercam.ts";

/** The methods, under pytorch-grad-cam's names. */
export type HeatmapMethod = "gradcam" | "gradcam++" | "hirescam" | "layercam" | "eigencam";

/** How a method's maps are computed in the graph. */
interface MethodForms {
  /** At norm5. */
  readonly closed: ClosedForm;
  /** At any layer. */
  readonly fromGradients: GradientForm;
}

/** Each method's forms. EigenCAM has none in the graph; it is computed from the features. */
export const METHOD_FORMS: { readonly [M in HeatmapMethod]: MethodForms | "from-features" } = {
  gradcam: { closed: gradcam, fromGradients: gradcamFromGradients },
  "gradcam++": { closed: gradcamPlusPlus, fromGradients: gradcamPlusPlusFromGradients },
  hirescam: { closed: hirescam, fromGradients: hirescamFromGradients },
  layercam: { closed: layercam, fromGradients: layercamFromGradients },
  eigencam: "from-features",
};

/** The names of the heatmap methods. */
export const HEATMAP_METHODS = Object.keys(METHOD_FORMS) as readonly HeatmapMethod[];
