import { describe, expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import type { Shape, Value } from "../../../src/graph/core/graph.ts";
import { backward } from "../../../src/graph/gradient/backward.ts";
import { batchStatistics, normalise } from "../../../src/graph/gradient/batch-norm.ts";
import { add } from "../../../src/graph/ops/add.ts";
import { averagePool } from "../../../src/graph/ops/average-pool.ts";
import { batchNormalization } from "../../../src/graph/ops/batch-normalization.ts";
import { cast } from "../../../src/graph/ops/cast.ts";
import { concat } from "../../../src/graph/ops/concat.ts";
import { conv } from "../../../src/graph/ops/conv.ts";
import { div } from "../../../src/graph/ops/div.ts";
import { linear } from "../../../src/graph/ops/gemm.ts";
import { globalAveragePool } from "../../../src/graph/ops/global-average-pool.ts";
import { greater } from "../../../src/graph/ops/greater.ts";
import { heaviside } from "../../../src/graph/ops/heaviside.ts";
import { matmul } from "../../../src/graph/ops/matmul.ts";
import { maxPool } from "../../../src/graph/ops/max-pool.ts";
import { minimum } from "../../../src/graph/ops/minimum.ts";
import { mul } from "../../../src/graph/ops/mul.ts";
import { reduceMean } from "../../../src/graph/ops/reduce-mean.ts";
import { reduceSum } from "../../../src/graph/ops/reduce-sum.ts";
import { relu } from "../../../src/graph/ops/relu.ts";
import { reshape } from "../../../src/graph/ops/reshape.ts";
import { scaleShift } from "../../../src/graph/ops/scale-shift.ts";
import { sigmoid } from "../../../src/graph/ops/sigmoid.ts";
import { slice } from "../../../src/graph/ops/slice.ts";
import { sub } from "../../../src/graph/ops/sub.ts";
import { transpose } from "../../../src/graph/ops/transpose.ts";
import { float32, sizeOf, type Tensor } from "../../../src/tensor.ts";
import { maxDifference, maxMagnitude } from "../../support/difference.ts";
import { gradientsOf } from "../../support/gradients.ts";
import { type Build, graphInputs, numbers, runValues } from "../../support/run-graph.ts";

type Float32Tensor = Tensor<"float32">;

const near = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5) =>
  expect(maxDifference(actual, expected)).toBeLessThanOrEqual(tolerance * maxMagnitude(expected));

const vector = (...values: number[]) => float32([values.length], Float32Array.from(values));

/** The gradients of Σ y, of vectors. */
const ofSum = async (tensors: readonly Float32Tensor[], build: Build, wanted?: readonly number[]) => {
  const ones = new Float32Array(tensors[0]!.data.length).fill(1);
  const cotangent = float32([ones.length], ones);
  const gradients = await gradientsOf(tensors, build, { cotangent, ...(wanted ? { wanted } : {}) });
  return gradients.map((gradient) => [...gradient]);
};

const noGradient = (name: string) =>
  expect.objectContaining({ code: "graph/no-gradient", details: { name } });

describe("what a gradient is made of", () => {
  test("a value that is used twice has the sum of both gradients", async () => {
    // x · x + 3 · x: 2x + 3.
    const build: Build = (x) => add(mul(x!, x!), mul(x!, x!.graph.scalar(3)));
    expect(await ofSum([vector(1, -2, 0.5)], build)).toEqual([[5, -1, 4]]);
  });

  test("a value that one op takes twice has both gradients: x · x and x − x", async () => {
    expect(await ofSum([vector(1, -2, 0.5)], (x) => mul(x!, x!))).toEqual([[2, -4, 1]]);
    expect(await ofSum([vector(1, -2)], (x) => sub(x!, x!))).toEqual([[0, 0]]);
  });

  test("several paths of several lengths meet: each step is followed once, after all that use it", async () => {
    // a = x · x; b = a · x; y = a · b = x⁵.
    const build: Build = (x) => {
      const a = mul(x!, x!);
      return mul(a, mul(a, x!));
    };
    expect(await ofSum([vector(1, 2, -1)], build)).toEqual([[5, 80, 5]]);
  });

  test("several seeds add up, one of them within the path of another", async () => {
    const graph = new GraphBuilder("seeds");
    const { inputs, feeds } = graphInputs(graph, [vector(2, 3)]);
    const square = mul(inputs[0]!, inputs[0]!);
    const cube = mul(square, inputs[0]!);
    const seeds = new Map([
      [square, graph.constant(vector(1, 10))],
      [cube, graph.constant(vector(100, 1000))],
    ]);
    const gradients = backward(seeds, [inputs[0]!, square]);
    const named = { x: gradients.get(inputs[0]!)!, square: gradients.get(square)! };
    const out = await runValues(graph, named, feeds);
    expect([...out.x!.data]).toEqual([4 + 100 * 12, 60 + 1000 * 27]);
    expect([...out.square!.data]).toEqual([1 + 100 * 2, 10 + 1000 * 3]);
  });

  test("the gradient of a seeded value itself is its seed", () => {
    const graph = new GraphBuilder("itself");
    const [x, seed] = [graph.input("x", [2]), graph.input("seed", [2])];
    expect(backward(new Map([[x, seed]]), [x]).get(x)).toBe(seed);
  });

  test("gradients are as many as wanted, in that order, repeated or not at all", () => {
    const graph = new GraphBuilder("order");
    const [a, b] = [graph.input("a", [2]), graph.input("b", [2])];
    const y = mul(a, b);
    const seeds = new Map([[y, graph.input("seed", [2])]]);
    expect([...backward(seeds, [b, a]).keys()]).toEqual([b, a]);
    expect(backward(seeds, []).size).toBe(0);
  });
});

describe("where no gradient goes", () => {
  test.each<[string, (a: Value, b: Value) => Value]>([
    ["an input that is not used", (a) => relu(a)],
    ["behind a condition", (a, b) => mul(a, cast(greater(b, b.graph.scalar(0)), "float32"))],
    ["behind a Heaviside", (a, b) => mul(a, heaviside(b))],
  ])("%s: refused by name", (_, build) => {
    const graph = new GraphBuilder("none");
    const [a, b] = [graph.input("a", [2]), graph.input("b", [2])];
    const seeds = new Map([[build(a, b), graph.input("seed", [2])]]);
    expect(backward(seeds, [a]).size).toBe(1);
    expect(() => backward(seeds, [b])).toThrow(noGradient("b"));
    expect(() => backward(seeds, [a, b])).toThrow(noGradient("b"));
  });

  test("a value after the seed has none", () => {
    const graph = new GraphBuilder("after");
    const y = relu(graph.input("x", [2]));
    const z = relu(y);
    expect(() => backward(new Map([[y, graph.input("seed", [2])]]), [z])).toThrow(noGradient(z.name));
  });

  test("no seeds, no gradients", () => {
    const x = new GraphBuilder("no seeds").input("x", [2]);
    expect(() => backward(new Map(), [x])).toThrow(noGradient("x"));
  });

  test("a condition stops its own path, not the others", async () => {
    // y = x · [x > 0]: the slope is that of the factor which is not a condition.
    const build: Build = (x) => mul(x!, cast(greater(x!, x!.graph.scalar(0)), "float32"));
    expect(await ofSum([vector(2, -2)], build)).toEqual([[1, 0]]);
  });

  test("an op that merely lacks a rule is refused where it lies on a path", () => {
    const graph = new GraphBuilder("lacking");
    const x = graph.input("x", [2]);
    const y = add(x, minimum(x, graph.scalar(0)));
    expect(() => backward(new Map([[y, graph.input("seed", [2])]]), [x])).toThrow(/Min/);
  });
});

/** Types of the nodes that asking for gradients adds to a graph. */
function added(
  write: (graph: GraphBuilder) => { y: Value; wanted: readonly Value[] },
): readonly { type: string; inputs: readonly string[] }[] {
  const graph = new GraphBuilder("added");
  const { y, wanted } = write(graph);
  const seed = graph.input("seed", y.shape);
  const before = graph.build().nodes.length;
  backward(new Map([[y, seed]]), wanted);
  const nodes = graph.build().nodes.slice(before);
  return nodes.map(({ op, inputs }) => ({ type: op.type, inputs: inputs.map(({ name }) => name) }));
}

describe("only what is needed is written", () => {
  /** Three linear layers; the gradients of some of w1, w2, w3. */
  const layers = (names: readonly string[]) =>
    added((graph) => {
      const layer = (x: Value, i: number) => {
        const [w, b] = [graph.input(`w${i}`, [4, 4]), graph.input(`b${i}`, [4])];
        return { w, y: relu(linear(x, w, b)) };
      };
      const first = layer(graph.input("x", [2, 4]), 1);
      const second = layer(first.y, 2);
      const third = layer(second.y, 3);
      const weights: Record<string, Value> = { w1: first.w, w2: second.w, w3: third.w };
      return { y: third.y, wanted: names.map((name) => weights[name]!) };
    });

  test("the last layer's weight needs nothing of the layers before", () => {
    // ReLU: Heaviside and Mul; the weight: Transpose and MatMul.
    expect(layers(["w3"]).map(({ type }) => type)).toEqual(["Heaviside", "Mul", "Transpose", "MatMul"]);
    expect(layers(["w3"]).flatMap(({ inputs }) => inputs)).not.toContain("w3");
  });

  test("each layer further down adds one product to pass and one of its own, no more", () => {
    const products = (names: readonly string[]) =>
      layers(names).filter(({ type }) => type === "MatMul").length;
    expect(products(["w3"])).toBe(1);
    expect(products(["w2"])).toBe(2);
    expect(products(["w1"])).toBe(3);
    expect(products(["w3", "w2"])).toBe(3);
    expect(products(["w3", "w2", "w1"])).toBe(5);
  });

  test("of a convolution whose weight is frozen, only the image's gradient is written, and the other way", () => {
    const convolution = (...names: ("x" | "w")[]) =>
      added((graph) => {
        const values = { x: graph.input("x", [1, 3, 6, 6]), w: graph.input("w", [2, 3, 3, 3]) };
        const y = conv(values.x, values.w, { padding: 1 });
        return { y, wanted: names.map((name) => values[name]) };
      });
    const count = (nodes: ReturnType<typeof added>, wanted: string) =>
      nodes.filter(({ type }) => type === wanted).length;
    const [image, weight, both] = [convolution("x"), convolution("w"), convolution("x", "w")];
    expect([image, weight, both].map((nodes) => count(nodes, "MatMul"))).toEqual([1, 1, 2]);
    expect(image.flatMap(({ inputs }) => inputs)).not.toContain("x");
    expect(weight.flatMap(({ inputs }) => inputs)).not.toContain("w");
    // The windows of g are unfolded once for both.
    expect([image, weight, both].map((nodes) => count(nodes, "Unfold"))).toEqual([1, 1, 1]);
  });

  test("of joined values, only the wanted one's part is cut out", () => {
    const nodes = added((graph) => {
      const parts = [1, 2, 3].map((extent) => graph.input(`part${extent}`, [2, extent]));
      return { y: concat(parts as [Value, ...Value[]], 1), wanted: [parts[1]!] };
    });
    expect(nodes.map(({ type }) => type)).toEqual(["Slice"]);
  });

  test("what does not lead to a seed is not followed", () => {
    const nodes = added((graph) => {
      const x = graph.input("x", [2]);
      sigmoid(mul(x, x));
      return { y: relu(x), wanted: [x] };
    });
    expect(nodes.map(({ type }) => type)).toEqual(["Heaviside", "Mul"]);
  });
});

describe("composites", () => {
  /** x³ as two products with a gradient of its own, wrong on purpose: 1000 · g. */
  const cube = (x: Value): Value => {
    const write = () => [mul(mul(x, x), x)] as const;
    const [y] = x.graph.composite("Cube", [x], write, (_, [g]) => [() => mul(g!, x.graph.scalar(1000))]);
    return y;
  };

  test("the gradient is the given one, not that of the ops within", async () => {
    expect(await ofSum([vector(2, 3)], (x) => add(cube(x!), x!))).toEqual([[1001, 1001]]);
  });

  test("it is one entry of the tape, under its own type, and still computes", async () => {
    const graph = new GraphBuilder("composite");
    const { inputs, feeds } = graphInputs(graph, [vector(2, 3)]);
    const y = cube(inputs[0]!);
    expect(graph.tape.map(({ type }) => type)).toEqual(["Cube"]);
    expect(graph.makerOf(y)?.type).toBe("Cube");
    expect(graph.makerOf(inputs[0]!)).toBeUndefined();
    expect([...(await runValues(graph, { y }, feeds)).y!.data]).toEqual([8, 27]);
  });

  test("of several outputs, gradients that are not known are undefined", () => {
    const graph = new GraphBuilder("outputs");
    const x = graph.input("x", [2]);
    const seen: boolean[][] = [];
    const [a, b] = graph.composite(
      "Two",
      [x],
      () => [relu(x), sigmoid(x)] as const,
      (outputs, gradients) => {
        expect(outputs).toEqual([a, b]);
        seen.push(gradients.map((gradient) => gradient !== undefined));
        return [() => x];
      },
    );
    const seed = graph.input("seed", [2]);
    backward(new Map([[b, seed]]), [x]);
    backward(new Map([[a, seed]]), [x]);
    backward(
      new Map([
        [a, seed],
        [b, seed],
      ]),
      [x],
    );
    expect(seen).toEqual([
      [false, true],
      [true, false],
      [true, true],
    ]);
  });
});

describe("several gradients of one image at once", () => {
  const image = (shape: readonly number[]) => numbers([1, ...shape.slice(1)], 1);

  /** Seeds of a batch of 3 for a value of batch 1, against three runs of one. */
  const expectBatch = async (tensors: readonly Float32Tensor[], build: Build) => {
    const graph = new GraphBuilder("seeds");
    const { inputs, feeds } = graphInputs(graph, tensors);
    const y = build(...inputs);
    const one = y.shape as readonly number[];
    const seeds = numbers([3, ...one.slice(1)], 5);
    const gradients = backward(new Map([[y, graph.input("seed", seeds.shape)]]), [inputs[0]!]);
    const { gradient } = await runValues(
      graph,
      { gradient: gradients.get(inputs[0]!)! },
      { ...feeds, seed: seeds },
    );
    const size = sizeOf(one);
    const separate: number[] = [];
    for (const i of [0, 1, 2]) {
      const cotangent = float32(one, seeds.data.slice(i * size, (i + 1) * size));
      separate.push(...(await gradientsOf(tensors, build, { wanted: [0], cotangent }))[0]!);
    }
    expect(maxMagnitude(separate)).toBeGreaterThan(0);
    const whole = repeated(gradient!, [3, ...tensors[0]!.shape.slice(1)]);
    near(whole, separate, 1e-6);
  };

  /** Extents of 1 repeated. */
  const repeated = ({ shape, data }: Float32Tensor, to: readonly number[]): Float32Array => {
    expect(shape.length).toBe(to.length);
    expect(shape[0]).toBe(3);
    const size = sizeOf(to);
    return Float32Array.from({ length: size }, (_, flat) => {
      let [rest, offset, stride] = [flat, 0, 1];
      for (let axis = to.length - 1; axis >= 0; axis--) {
        const index = rest % to[axis]!;
        rest = Math.floor(rest / to[axis]!);
        offset += (shape[axis] === 1 ? 0 : index) * stride;
        stride *= shape[axis]!;
      }
      return data[offset]!;
    });
  };

  const perChannel = (channels: number) => [2, 3, 4].map((seed) => numbers([channels], seed));
  const positive = (channels: number) => numbers([channels], 6, 0.1, 2);

  test.each<[string, Float32Tensor[], Build]>([
    ["linear", [image([1, 5]), numbers([4, 5], 2), numbers([4], 3)], (x, w, b) => linear(x!, w!, b!)],
    ["reshape", [image([1, 3, 2, 2])], (x) => reshape(x!, [1, 12])],
    ["relu", [image([1, 3, 4, 5])], (x) => relu(x!)],
    ["sigmoid", [image([1, 3, 4, 5])], (x) => sigmoid(x!)],
    ["global average pool", [image([1, 3, 4, 5])], (x) => globalAveragePool(x!)],
    ["average pool", [image([1, 3, 5, 4])], (x) => averagePool(x!, { kernel: 2, stride: 2 })],
    ["max pool", [image([1, 3, 6, 7])], (x) => maxPool(x!, { kernel: 3, stride: 2, padding: 1 })],
    ["conv 1×1", [image([1, 3, 4, 5]), numbers([2, 3, 1, 1], 2)], (x, w) => conv(x!, w!)],
    ["conv 3×3", [image([1, 3, 4, 5]), numbers([4, 3, 3, 3], 2)], (x, w) => conv(x!, w!, { padding: 1 })],
    [
      "conv with stride 2",
      [image([1, 3, 9, 8]), numbers([4, 3, 7, 7], 2)],
      (x, w) => conv(x!, w!, { stride: 2, padding: 3 }),
    ],
    [
      "batch normalization",
      [image([1, 3, 4, 5]), ...perChannel(3), positive(3)],
      (x, weight, bias, running_mean, running_var) =>
        batchNormalization(x!, {
          weight: weight!,
          bias: bias!,
          running_mean: running_mean!,
          running_var: running_var!,
        }),
    ],
    ["scale and shift", [image([1, 3, 4, 5]), ...perChannel(3)], (x, a, b) => scaleShift(x!, a!, b!)],
    ["concat", [image([1, 3, 4, 5]), image([1, 2, 4, 5])], (x, other) => concat([other!, relu(x!), x!], 1)],
    [
      "a dense layer with its head",
      [
        image([1, 3, 4, 5]),
        numbers([2, 3, 3, 3], 2),
        ...perChannel(5),
        positive(5),
        numbers([4, 5], 7),
        numbers([4], 8),
      ],
      (x, w, weight, bias, running_mean, running_var, last, offsets) => {
        const joined = concat([x!, conv(relu(x!), w!, { padding: 1 })], 1);
        const parameters = {
          weight: weight!,
          bias: bias!,
          running_mean: running_mean!,
          running_var: running_var!,
        };
        const features = relu(batchNormalization(joined, parameters));
        return linear(reshape(globalAveragePool(features), [1, 5]), last!, offsets!);
      },
    ],
  ])("%s", async (_, tensors, build) => {
    await expectBatch(tensors, build);
  });

  test.each<[string, Build]>([
    ["add", (x, other) => add(x!, other!)],
    ["sub", (x, other) => sub(x!, other!)],
    ["mul", (x, other) => mul(x!, other!)],
    ["div", (x, other) => div(x!, other!)],
  ])("%s would sum them, and refuses", async (_, build) => {
    const tensors = [image([1, 3, 4, 5]), numbers([1, 3, 4, 5], 2, 1, 3)];
    await expect(expectBatch(tensors, build)).rejects.toMatchObject({ code: "graph/shape-mismatch" });
  });
});

/**
 * What follows an op may hand it a gradient with extents of 1, for the same number all along: a sum or a mean does.
 * The rule has to take it as such.
 */
describe("gradients with extents of 1 for the same number all along", () => {
  const c = 3;
  const x = numbers([2, c, 4, 6], 1);
  const parameters = [2, 3, 4].map((seed) => numbers([c], seed));

  const expectSame = async (tensors: readonly Float32Tensor[], build: Build, wanted: readonly number[]) => {
    const shape = build(...graphInputs(new GraphBuilder("shape"), tensors).inputs).shape as number[];
    const ones = float32(shape, new Float32Array(sizeOf(shape)).fill(1));
    const plain = await gradientsOf(tensors, build, { wanted, cotangent: ones });
    const everything = shape.map((_, axis) => axis);
    const sum: Build = (...inputs) => reduceSum(build(...inputs), everything);
    const one = float32(
      shape.map(() => 1),
      Float32Array.of(1),
    );
    const summed = await gradientsOf(tensors, sum, { wanted, cotangent: one });
    for (const [i, expected] of plain.entries()) near(summed[i]!, expected);
  };

  const cases: readonly (readonly [string, readonly Float32Tensor[], Build, readonly number[]])[] = [
    ["add, whole operands", [x, x], (a, b) => add(a!, b!), [0, 1]],
    ["add, an operand repeated", [x, numbers([1, c, 1, 1], 2)], (a, b) => add(a!, b!), [1]],
    ["add, an operand of fewer axes", [x, numbers([6], 2)], (a, b) => add(a!, b!), [1]],
    ["sub, an operand repeated", [x, numbers([1, c, 1, 1], 2)], (a, b) => sub(a!, b!), [1]],
    ["mul, an operand repeated", [x, numbers([1, c, 1, 1], 2)], (a, b) => mul(a!, b!), [0, 1]],
    ["div, an operand repeated", [x, numbers([1, c, 1, 1], 2, 1, 3)], (a, b) => div(a!, b!), [0, 1]],
    ["mul, both operands repeated", [numbers([4, 1], 1), numbers([5], 2)], (a, b) => mul(a!, b!), [0, 1]],
    ["reduceMean", [x], (a) => reduceMean(a!, [1, 3]), [0]],
    ["relu", [x], (a) => relu(a!), [0]],
    ["sigmoid", [x], (a) => sigmoid(a!), [0]],
    ["reshape", [x], (a) => reshape(a!, [2, 72]), [0]],
    ["transpose", [x], (a) => transpose(a!, [1, 0, 3, 2]), [0]],
    ["concat", [x, x], (a, b) => concat([a!, b!], 1), [0, 1]],
    ["slice", [x], (a) => slice(a!, [{ axis: 2, start: 1, end: 3 }]), [0]],
    ["reduceSum, axes dropped", [x], (a) => reduceSum(a!, [2, 3], true), [0]],
    ["reduceSum, axes kept", [x], (a) => reduceSum(a!, [2, 3]), [0]],
    ["global average pool", [x], (a) => globalAveragePool(a!), [0]],
    ["average pool", [x], (a) => averagePool(a!, { kernel: 2, stride: 2 }), [0]],
    ["max pool", [x], (a) => maxPool(a!, { kernel: 2, stride: 2, padding: 0 }), [0]],
    ["conv 1×1", [x, numbers([2, c, 1, 1], 2)], (a, w) => conv(a!, w!), [0, 1]],
    ["conv 3×3", [x, numbers([2, c, 3, 3], 2)], (a, w) => conv(a!, w!, { padding: 1 }), [0, 1]],
    [
      "conv with stride 2",
      [x, numbers([2, c, 3, 3], 2)],
      (a, w) => conv(a!, w!, { stride: 2, padding: 1 }),
      [0, 1],
    ],
    ["scale and shift", [x, ...parameters.slice(0, 2)], (a, s, b) => scaleShift(a!, s!, b!), [0, 1, 2]],
    [
      "batch normalization",
      [x, ...parameters, numbers([c], 6, 0.1, 2)],
      (a, weight, bias, running_mean, running_var) =>
        batchNormalization(a!, {
          weight: weight!,
          bias: bias!,
          running_mean: running_mean!,
          running_var: running_var!,
        }),
      [0, 1, 2],
    ],
    [
      "linear",
      [numbers([2, 5], 1), numbers([4, 5], 2), numbers([4], 3)],
      (a, w, b) => linear(a!, w!, b!),
      [0, 1, 2],
    ],
    ["matmul", [numbers([2, 3, 5], 1), numbers([5, 4], 2)], (a, b) => matmul(a!, b!), [0, 1]],
    [
      "statistics of the batch",
      [x],
      (a) => {
        const { mean, variance } = batchStatistics(a!);
        return add(mean, variance);
      },
      [0],
    ],
  ];

  for (const [name, tensors, build, wanted] of cases) {
    test(name, () => expectSame(tensors, build, wanted));
  }

  test("a norm of the batch below a global average pool", async () => {
    const tensors = [x, numbers([c], 2), numbers([c], 3)];
    const normed = (a: Value, weight: Value, bias: Value) =>
      normalise(a, { weight, bias }, batchStatistics(a));
    const build: Build = (a, w, b) => globalAveragePool(normed(a!, w!, b!));
    const r = numbers([2, c, 1, 1], 99);
    const spread = float32(
      [2, c, 4, 6],
      Float32Array.from({ length: x.data.length }, (_, i) => r.data[Math.floor(i / 24)]! / 24),
    );
    const expected = await gradientsOf(tensors, (a, w, b) => normed(a!, w!, b!), { cotangent: spread });
    const actual = await gradientsOf(tensors, build, { cotangent: r });
    for (const [i, gradient] of expected.entries()) near(actual[i]!, gradient, 2e-5);
  });
});

test("shapes of gradients are known while the graph is written", () => {
  const graph = new GraphBuilder("shapes");
  const shapes: Shape[] = [["N", 3, 8, 8], [2, 3, 3, 3], [4, 2], [4]];
  const [x, w, last, offsets] = shapes.map((shape, i) => graph.input(`in${i}`, shape));
  const pooled = globalAveragePool(relu(conv(x!, w!, { padding: 1 })));
  const y = linear(reshape(pooled, ["N", 2]), last!, offsets!);
  const gradients = backward(new Map([[y, graph.input("seed", ["N", 4])]]), [x!, w!, last!, offsets!]);
  expect([...gradients.values()].map(({ shape }) => shape)).toEqual(shapes);
});
