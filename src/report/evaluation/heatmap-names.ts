/**
 * Heatmap methods and layers as people write them.
 *
 * Knows: names.
 */

const METHODS: Readonly<Record<string, string>> = {
  gradcam: "Grad-CAM",
  "gradcam++": "Grad-CAM++",
  hirescam: "HiResCAM",
  layercam: "LayerCAM",
  eigencam: "EigenCAM",
};

/** `Grad-CAM at features.norm5`. */
export const heatmapWords = (method: string, layer: string): string =>
  `${METHODS[method] ?? method} at features.${layer}`;
