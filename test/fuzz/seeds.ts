/** Small valid files of every format that is read, to be mutated. */

import { safetensorsPieces } from "../../src/formats/safetensors.ts";
import { torchPieces } from "../../src/formats/torch/write.ts";
import { float32, type Tensor } from "../../src/tensor.ts";
import { concat, utf8 } from "../hostile/builders/bytes.ts";
import * as o from "../hostile/builders/onnx.ts";
import * as p from "../hostile/builders/pickle.ts";
import { chunk, png } from "../hostile/builders/png.ts";
import {
  densenetTensors,
  ONE,
  stateDict,
  storage,
  storageView,
  tensor,
  torchLegacy,
  torchZip,
} from "../hostile/builders/torch.ts";
import { deflated, zipOf } from "../hostile/builders/zip.ts";

const tensors = new Map<string, Tensor>([
  ["features.conv0.weight", float32([1, 1, 2, 2], Float32Array.of(1, 2, 3, 4))],
  ["count", { dtype: "int64", shape: [], data: BigInt64Array.of(7n) }],
  ["half", { dtype: "float16", shape: [2], data: Uint16Array.of(0x3c00, 0x4000) }],
]);

/** Cards as they stand in files. */
export const CARDS: readonly string[] = [
  { labels: ["Edema", "Mass"], licence: "MIT", citation: "A. Author", source: "https://example.org" },
  {
    labels: ["a", "b", "c"],
    operatingPoints: { a: 0.5, b: 0.25 },
    preparation: [
      { step: "rgb" },
      { step: "resize-shorter", size: 256 },
      { step: "ten-crop", size: 224 },
      { step: "normalise", scheme: "imagenet" },
    ],
  },
  {
    preparation: [
      { step: "grey" },
      { step: "normalise", scheme: "xrv" },
      { step: "center-square" },
      { step: "resize", width: 224, height: 224, resample: "skimage" },
    ],
  },
].map((card) => JSON.stringify(card));

const metadata = { "medical-x/card@1": CARDS[0]! };

/** Storage "0" holds one float32 in every container here. */
const one = tensor(storage("0", 1), [1]);
const parameter = p.call(
  "torch._utils",
  "_rebuild_parameter",
  one,
  p.TRUE,
  p.call("collections", "OrderedDict"),
);
const v3 = p.call(
  ...(["torch._utils", "_rebuild_tensor_v3"] as const),
  ...[storage("0", 4, "UntypedStorage"), p.int(0), p.tuple(p.int(1)), p.tuple(p.int(1))],
  ...[p.FALSE, p.call("collections", "OrderedDict"), p.global("torch", "float32")],
);
const child = p.object(
  "a",
  "C",
  p.dict(p.text("_parameters"), p.dict(p.text("w"), one), p.text("_modules"), p.EMPTY_DICT),
);
const module = p.object(
  "a",
  "B",
  p.dict(p.text("labels"), p.list(p.text("x")), p.text("_modules"), p.dict(p.text("c"), child)),
);

/** Pickles whose storages are "0". */
export const PICKLES: readonly Uint8Array[] = [
  p.pickle(
    stateDict(
      new Map([
        ["w", one],
        ["v", parameter],
      ]),
    ),
  ),
  p.pickle(p.dict(p.text("epoch"), p.int(3), p.text("state_dict"), stateDict(new Map([["w", v3]])))),
  p.pickle(p.dict(p.text("model"), module)),
];

/** Pickles that need nothing around them, of several protocols. */
export const PLAIN_PICKLES: readonly Uint8Array[] = [
  utf8("(dp0\nS'a'\np1\n(lp2\nI1\naL2L\naF1.5\naI01\nasVb\np3\n(I1\nI2\ntp4\ns."),
  p.pickle(
    p.dict(p.text("a"), p.list(p.int(1), p.long(2n ** 40n), p.NONE, p.TRUE)),
    p.put(0),
    p.get(0),
    p.TUPLE2,
  ),
  p.pickle(
    p.call("collections", "OrderedDict", p.list(p.tuple(p.text("k"), p.int(1)))),
    p.text("s"),
    p.TUPLE2,
  ),
  concat(
    Uint8Array.of(0x80, 4, 0x95, 30, 0, 0, 0, 0, 0, 0, 0),
    p.stackGlobal("a", "B"),
    p.MEMOIZE,
    p.EMPTY_TUPLE,
    p.NEWOBJ,
    p.EMPTY_DICT,
    p.BUILD,
    p.STOP,
  ),
  p.pickle(
    p.call("_codecs", "encode", p.text("\u00ff\u0001"), p.text("latin1")),
    p.MARK,
    p.int(1),
    p.inst("a", "B"),
    p.TUPLE2,
  ),
];

const bodies = [{ key: "0", count: 1, bytes: ONE }];
const view = tensor(storageView("0", 1, p.int(0), p.int(1)), [1]);

export const LEGACY: readonly Uint8Array[] = [
  torchLegacy(PICKLES[0]!, bodies),
  torchLegacy(PICKLES[2]!, bodies),
  torchLegacy(p.pickle(stateDict(new Map([["w", view]]))), bodies),
];

export const TORCH_ZIPS: readonly Uint8Array[] = [
  concat(...torchPieces(tensors, metadata)),
  torchZip(PICKLES[1]!, { 0: ONE }, [{ name: "archive/byteorder", bytes: utf8("big") }]),
  zipOf([deflated("archive/data.pkl", PICKLES[0]!), deflated("archive/data/0", ONE)]),
];

export const SAFETENSORS: readonly Uint8Array[] = [
  concat(...safetensorsPieces(tensors, metadata)),
  concat(...safetensorsPieces(new Map([["a", float32([0, 3], new Float32Array(0))]]))),
  concat(...safetensorsPieces(new Map())),
];

const CARD = JSON.stringify({
  labels: ["a", "b", "c"],
  preparation: [
    { step: "rgb" },
    { step: "resize", width: 64, height: 64, resample: "pil" },
    { step: "normalise", scheme: "imagenet" },
  ],
  activation: "sigmoid",
});
const body = o.graph({ nodes: [o.node("Identity", ["t"], ["u"])], outputs: [o.port("u", [])] });

/** Files that are read but not run. */
export const UNRUN_ONNX: readonly Uint8Array[] = [
  o.model(o.graph({})),
  o.model(
    o.graph({
      tensors: [
        o.external("w", "weights.bin"),
        o.tensor("h", [2], 10, null, o.field(5, Uint8Array.of(1, 2))),
      ],
      more: [o.field(15, o.field(1, o.tensor("s", [1])))],
    }),
    { more: [o.field(25, o.field(7, o.node("Relu", ["x"], ["y"])))] },
  ),
];

/** Networks with every kind of field. */
export const ONNX: readonly Uint8Array[] = [
  o.model(
    o.graph({
      nodes: [
        o.node("GlobalAveragePool", ["x"], ["means"]),
        o.node("Reshape", ["means", "shape"], ["y"]),
        o.node("If", ["flag"], ["z"], {
          attributes: [o.attribute("then_branch", 6, body), o.attribute("else_branch", 6, body)],
        }),
        o.node("Constant", [], ["c"], { attributes: [o.attribute("value", 5, o.tensor("", [1]))] }),
        o.node("RandomNormal", [], ["r"], { attributes: [o.attribute("shape", 8, Uint8Array.of(1, 2, 3))] }),
      ],
      tensors: [
        o.tensor("shape", [2], 7, null, o.field(7, Uint8Array.of(1, 3))),
        o.tensor("flag", [], 9, Uint8Array.of(1)),
        o.tensor("t", [2], 1, null, o.field(4, o.floats(1, 2))),
      ],
      inputs: [o.port("x", ["N", 3, 64, 64])],
      outputs: [o.port("y", ["N", 3])],
    }),
    { metadata: { "medical-x/card@1": CARD } },
  ),
  o.model(
    o.graph({
      nodes: [o.node("GlobalAveragePool", ["x"], ["m"]), o.node("Flatten", ["m"], ["y"])],
      inputs: [o.port("x", ["N", 3, 64, 64])],
      outputs: [o.port("y", ["N", 3])],
    }),
    { metadata: { "medical-x/card@1": CARD } },
  ),
];

/** PNGs of kinds that libvips does not write. */
export const ODD_PNGS: readonly Uint8Array[] = [
  png({ width: 9, height: 7, depth: 1 }),
  png({
    width: 9,
    height: 7,
    depth: 2,
    colour: 3,
    before: [chunk("PLTE", Uint8Array.of(0, 0, 0, 9, 9, 9, 99, 99, 99))],
  }),
  png({ width: 9, height: 7, depth: 16, colour: 6 }),
];

/** The pickle of a whole DenseNet121 over one number. */
export const wholeModel = (): Uint8Array => p.pickle(stateDict(densenetTensors()));
