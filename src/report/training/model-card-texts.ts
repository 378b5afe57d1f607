/**
 * What every model card says: limits, how to load the files, whom to cite.
 *
 * Knows: words.
 */

/** What a start means for what was learned, where it is worth a word. */
const STARTS: Readonly<Record<string, string>> = {
  random: "**It was started from random numbers**, not from weights that had learned to see before.",
  demo: "**It was started from the demo model**, which had seen drawn phantoms only.",
};

/** What a model's figures leave open, as items of a list. */
export function limitsOf(backbone: string, isPhantom: boolean): readonly string[] {
  return [
    ...(isPhantom
      ? ["**The images are drawn phantoms, not X-rays.** The model knows nothing of anyone's chest."]
      : []),
    ...(Object.hasOwn(STARTS, backbone) ? [STARTS[backbone]!] : []),
    isPhantom
      ? "Its labels are what was drawn, without the doubt of real ones, and each finding has one textbook sign: figures on phantoms carry over to no hospital."
      : "The labels of ChestX-ray14 were mined from reports by a program and are wrong for a part of the images; a model learns that too, and is judged by it.",
    "It may lean on what comes with a finding instead of the finding: drains, projections, a hospital's way. Elsewhere it can be much worse than here.",
    "A score is not the probability of a disease: how common a finding is among the training images decides what a score means, and weighted losses shift it further.",
    "Nothing was measured by sex, age or projection.",
  ];
}

/**
 * The files, and how a program reads them.
 *
 * @param hasThresholds  Whether every label has one: `--threshold card` wants all of them.
 */
export const loading = (
  numLabels: number,
  hasThresholds: boolean,
): string => `\`model.safetensors\` and \`densenet121_model.pth\` hold the same weights; labels, preparation and thresholds travel with
both.

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
