/**
 * What every model card says: limits, how to load the files, what to cite.
 *
 * Knows: words.
 */

/** What a starting point means for what the model learned, where that matters. */
const STARTS: Readonly<Record<string, string>> = {
  random: "**It was started from random weights**, not from pretrained ones.",
  demo: "**It was started from the demo model**, which was trained on drawn phantoms only.",
};

/** The limits of a model and its figures, as items of a list. */
export function limitsOf(backbone: string, isPhantom: boolean): readonly string[] {
  return [
    ...(isPhantom
      ? ["**The images are drawn phantoms, not X-rays.** The model has learned nothing about real chests."]
      : []),
    ...(Object.hasOwn(STARTS, backbone) ? [STARTS[backbone]!] : []),
    isPhantom
      ? "Its labels say what was drawn, without the uncertainty of real labels, and each finding has one textbook sign. Figures on phantoms do not carry over to any hospital."
      : "The labels of ChestX-ray14 were extracted from reports by a program, and some are wrong. The model has learned these errors too, and is evaluated against them.",
    "It may rely on things that come with a finding instead of the finding itself: drains, projections, habits of a hospital. On images from elsewhere it can be much worse.",
    "A score is not the probability of a disease. Its meaning depends on how common the finding is among the training images, and weighted losses shift it further.",
    "Its performance was not measured by sex, age or projection.",
  ];
}

/**
 * The files, and how a program reads them.
 *
 * @param hasThresholds  Whether every label has a threshold, as `--threshold card` requires.
 */
export const loading = (
  numLabels: number,
  hasThresholds: boolean,
): string => `\`model.safetensors\` and \`densenet121_model.pth\` hold the same weights. Both also hold the labels, the preparation and the
thresholds.

\`\`\`sh
medical-x predict --model model.safetensors --image xray.png${hasThresholds ? " --threshold card" : ""}
\`\`\`

\`\`\`python
import torch, torchvision
model = torchvision.models.densenet121()
model.classifier = torch.nn.Linear(1024, ${numLabels})
model.load_state_dict(torch.load("densenet121_model.pth", weights_only=True), strict=True)
model.eval()  # its outputs are logits: torch.sigmoid(model(x))
\`\`\``;

export const CITATIONS: readonly string[] = [
  "X. Wang, Y. Peng, L. Lu, Z. Lu, M. Bagheri, R. M. Summers. ChestX-ray8: Hospital-scale Chest X-ray Database and Benchmarks on Weakly-Supervised Classification and Localization of Common Thorax Diseases. CVPR 2017.",
  "P. Rajpurkar et al. CheXNet: Radiologist-Level Pneumonia Detection on Chest X-Rays with Deep Learning. arXiv:1711.05225, 2017.",
  "G. Huang, Z. Liu, L. van der Maaten, K. Q. Weinberger. Densely Connected Convolutional Networks. CVPR 2017.",
  "M. Mitchell et al. Model Cards for Model Reporting. FAT* 2019.",
];
