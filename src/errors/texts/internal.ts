/**
 * Errors of bugs and misuse of the inner parts: their causes and ways on.
 *
 * Knows: codes.
 */

import type { ErrorArea } from "./area.ts";

export const INTERNAL = {
  title: "Bugs and misuse of the inner parts",
  errors: {
    "internal/unexpected": {
      cause: "Something happened that this package did not foresee.",
      wayOn: "Report it, with the stack of the error.",
    },
    "thread/closed": {
      cause: "The worker threads were asked for work after they had been ended.",
      wayOn: "Report it.",
    },
    "tensor/size-mismatch": {
      cause: "A tensor was given another number of elements than its shape has.",
      wayOn: "Give as many as the shape has.",
    },
    "tensor/wrong-dtype": {
      cause: "A tensor has another type than is needed.",
      wayOn: "Convert it.",
    },
    "graph/bad-constant": {
      cause: "A constant was given another number of elements than its shape has.",
      wayOn: "Give as many as the shape has.",
    },
    "graph/duplicate-name": {
      cause: "Two values of a graph have the same name.",
      wayOn: "Name them differently.",
    },
    "graph/foreign-value": {
      cause: "An op was given a value of another graph.",
      wayOn: "Use values of one graph.",
    },
    "graph/missing-weight": {
      cause: "A parameter of a graph has no weights.",
      wayOn: "Give weights for all parameters.",
    },
    "graph/weight-mismatch": {
      cause: "Weights have another type or shape than the graph's parameter.",
      wayOn: "Give weights that fit.",
    },
    "graph/no-gradient": {
      cause: "An op has no gradient, or none reaches a value.",
      wayOn: "Train other parts of the network.",
    },
    "graph/shape-mismatch": {
      cause: "The inputs of an op do not fit each other.",
      wayOn: "Give inputs that fit.",
    },
    "graph/unordered": {
      cause: "A graph uses a value before it is computed.",
      wayOn: "Report it.",
    },
  },
} as const satisfies ErrorArea;
