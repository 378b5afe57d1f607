/**
 * What a network's outputs become: independent probabilities, probabilities that add up to 1, or nothing else, because they
 * are probabilities already.
 *
 * Knows: names.
 */

export const ACTIVATIONS = ["sigmoid", "softmax", "none"] as const;

/** What turns a network's outputs into probabilities; `none` if they are probabilities. A DenseNet121's never are. */
export type Activation = (typeof ACTIVATIONS)[number];
