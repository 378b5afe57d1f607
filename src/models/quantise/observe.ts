/**
 * What the numbers inside a network look like: histograms of everything that becomes codes.
 *
 * Pipeline:   images → network in float32 → **histograms** → ranges → codes
 * Knows:      DenseNet121 and its weights. Not files or which runtime it is.
 */

import { GraphBuilder } from "../../graph/core/builder.ts";
import type { Graph, Node } from "../../graph/core/graph.ts";
import type { Tensor } from "../../tensor.ts";
import { densenet121 } from "../densenet121.ts";
import { Histogram } from "./histogram.ts";

/** What becomes codes: a rectified norm, with one range for all channels, or features, with a range for each. */
export type Kind = "rectified" | "features";

/** The values that become codes, by the name of the layer after which they are taken. */
export interface Observed {
  readonly graph: Graph;
  readonly kinds: ReadonlyMap<string, Kind>;
}

/** The name of the layer that a parameter of a node belongs to. */
const layerOf = ({ inputs }: Node): string => inputs[1]!.name.replace(/\.weight$/, "");

/**
 * The network with logits, and with everything that becomes codes as outputs.
 *
 * After `norm1`, `norm2` and a transition's `norm`: what their ReLU gives. After `conv2`, and after a transition's `conv` and
 * its pooling: new features. `features.pool0`: the features of the stem.
 */
export function observedGraph(
  inChannels: number,
  numLabels: number,
  width: number,
  height: number,
): Observed {
  const builder = new GraphBuilder("observed");
  const image = builder.input("image", ["N", inChannels, height, width]);
  builder.output("logits", densenet121(image, numLabels).logits);
  const kinds = new Map<string, Kind>();
  const makers = new Map<string, Node>();
  for (const node of builder.build().nodes) {
    const [output] = node.outputs;
    makers.set(output!.name, node);
    const maker = makers.get(node.inputs[0]!.name);
    const publish = (name: string, kind: Kind) => {
      builder.output(name, output!);
      kinds.set(name, kind);
    };
    if (node.op.type === "MaxPool") publish("features.pool0", "features");
    else if (node.op.type === "AveragePool") publish(layerOf(maker!), "features");
    else if (node.op.type === "Conv" && layerOf(node).endsWith("conv2")) publish(layerOf(node), "features");
    else if (node.op.type === "Relu" && !/norm[05]$/.test(layerOf(maker!)))
      publish(layerOf(maker!), "rectified");
  }
  return { graph: builder.build(), kinds };
}

/** What was seen of the values after one layer. */
export interface Seen {
  readonly kind: Kind;
  /** One for each channel of features; a single one for rectified norms. */
  readonly histograms: readonly Histogram[];
  /** Mean of each channel. */
  readonly means: Float64Array;
}

/** Gathers histograms, batch by batch. */
export class Observer {
  readonly #kinds: ReadonlyMap<string, Kind>;
  readonly #seen = new Map<string, { histograms: Histogram[]; sums: Float64Array; places: number }>();

  constructor(kinds: ReadonlyMap<string, Kind>) {
    this.#kinds = kinds;
  }

  /** Add what a pass gave. */
  add(outputs: Readonly<Record<string, Tensor<"float32">>>): void {
    for (const [name, kind] of this.#kinds) {
      const { shape, data } = outputs[name]!;
      const [n, c, h, w] = shape as [number, number, number, number];
      const seen = this.#seen.get(name) ?? {
        histograms: Array.from({ length: kind === "features" ? c : 1 }, () => new Histogram()),
        sums: new Float64Array(c),
        places: 0,
      };
      this.#seen.set(name, seen);
      const size = h * w;
      for (let plane = 0; plane < n * c; plane++) {
        const channel = plane % c;
        const histogram = seen.histograms[kind === "features" ? channel : 0]!;
        const before = histogram.sum;
        histogram.add(data, plane * size, (plane + 1) * size);
        seen.sums[channel]! += histogram.sum - before;
      }
      seen.places += n * size;
    }
  }

  /** What was seen after each layer. */
  results(): Map<string, Seen> {
    return new Map(
      [...this.#seen].map(([name, { histograms, sums, places }]) => [
        name,
        { kind: this.#kinds.get(name)!, histograms, means: sums.map((sum) => sum / places) },
      ]),
    );
  }
}
