/** What a network's logits become: each a probability of its own, or shares of one. Knows: names. */

export const ACTIVATIONS = ["sigmoid", "softmax"] as const;

export type Activation = (typeof ACTIVATIONS)[number];
