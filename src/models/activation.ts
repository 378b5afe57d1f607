/**
 * What a network's logits become: independent probabilities, or probabilities that add up to 1.
 *
 * Knows: names.
 */

export const ACTIVATIONS = ["sigmoid", "softmax"] as const;

/** What turns logits into probabilities. */
export type Activation = (typeof ACTIVATIONS)[number];
