/**
 * The heatmap methods. Class activation maps: at `features.norm5` from the forward pass alone, at any other layer from gradients; and maps
 * of several layers fused into one.
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
import type { Fusion } from "./grid.ts";
import { hirescam, hirescamFromGradients } from "./hirescam.ts";
import type { ClosedForm } from "./inputs.ts";
import { layercam, layercamFromGradients } from "./layercam.ts";
import { maximum } from "./maximum.ts";
import { product } from "./product.ts";

/** The methods that make a map of one layer, under pytorch-grad-cam's names. */
export type LayerMethod = "gradcam" | "gradcam++" | "hirescam" | "layercam" | "eigencam";

/** The methods that fuse the maps of several layers into one. */
export type FusedMethod = "product" | "maximum";

/** The methods that look into a DenseNet121. */
export type CamMethod = LayerMethod | FusedMethod;

/** The methods: those, and `occlusion`, which works with any network (`occlusion.ts`). */
export type HeatmapMethod = CamMethod | "occlusion";

/** How a method's maps are computed in the graph. */
interface MethodForms {
  /** At norm5. */
  readonly closed: ClosedForm;
  /** At any layer. */
  readonly fromGradients: GradientForm;
}

/** Each method's forms. EigenCAM has none in the graph; it is computed from the features. */
export const METHOD_FORMS: { readonly [M in LayerMethod]: MethodForms | "from-features" } = {
  gradcam: { closed: gradcam, fromGradients: gradcamFromGradients },
  "gradcam++": { closed: gradcamPlusPlus, fromGradients: gradcamPlusPlusFromGradients },
  hirescam: { closed: hirescam, fromGradients: hirescamFromGradients },
  layercam: { closed: layercam, fromGradients: layercamFromGradients },
  eigencam: "from-features",
};

/** How a method fuses maps. */
interface FusedForm {
  /** The method of the map of a layer; `isLast` of norm5. */
  readonly mapOf: (isLast: boolean) => LayerMethod;
  readonly fusion: Fusion;
}

/** Each fused method's form. */
export const FUSED_FORMS: { readonly [M in FusedMethod]: FusedForm } = {
  product: { mapOf: (isLast) => (isLast ? "gradcam" : "layercam"), fusion: product },
  maximum: { mapOf: () => "layercam", fusion: maximum },
};

/**
 * Cells of a fused map for each cell of its finest layer, along each axis. Between the centres of cells the product of
 * interpolated maps has peaks of its own, which a small finding needs: docs/heatmaps.md.
 */
export const FUSED_CELLS = 4;

/** The names of the methods that make a map of one layer. */
export const LAYER_METHODS = Object.keys(METHOD_FORMS) as readonly LayerMethod[];

/** The names of the methods that look into a DenseNet121. */
export const CAM_METHODS: readonly CamMethod[] = [
  ...LAYER_METHODS,
  ...(Object.keys(FUSED_FORMS) as readonly FusedMethod[]),
];

/** The names of the heatmap methods. */
export const HEATMAP_METHODS: readonly HeatmapMethod[] = [...CAM_METHODS, "occlusion"];

/** Whether a method fuses the maps of several layers. */
export const isFused = (method: HeatmapMethod): method is FusedMethod => method in FUSED_FORMS;
