/**
 * Whether the features of a pickled module are torchvision's: the same modules in the same order, with the same
 * settings.
 *
 * Names and shapes of parameters cannot tell, because they do not depend on strides, `eps`, activations, pooling or the
 * order in a Sequential.
 *
 * Knows:      the modules of torchvision's DenseNet121, and how torch.nn pickles them.
 * Reference:  torchvision/models/densenet.py.
 */

import { quote, XrayError } from "../errors.ts";
import type { PickleObject, PickleValue } from "../formats/pickle/values.ts";
import { childrenOf, torchClass } from "./module-path.ts";

const MAX_DEPTH = 8;

/** Classes that change nothing in a network that predicts. */
const TRANSPARENT = new Set(["Dropout", "Dropout2d", "Dropout1d", "AlphaDropout", "Identity", "Flatten"]);

export const isTransparent = (module: PickleObject): boolean => TRANSPARENT.has(torchClass(module) ?? "");

/** The error for a module that differs from the one in its place in torchvision's network. */
export function otherModule(name: string, problem: string, details: Record<string, unknown>): XrayError {
  return new XrayError(
    "checkpoint/other-module",
    `its module ${name} is not part of a DenseNet121 as torchvision writes it: ${problem}; ` +
      "save its weights alone, with torch.save(model.state_dict(), …), only if the network gives the same outputs without it",
    { name, ...details },
  );
}

/** A module's setting. A pair of equal numbers is returned as one. */
function setting(module: PickleObject, name: string): PickleValue | undefined {
  const value = module.attribute(name);
  return Array.isArray(value) && value.length === 2 && value[0] === value[1] ? value[0] : value;
}

type Settings = Readonly<Record<string, PickleValue>>;

/** The classes and settings of the modules in torchvision's network, by what their names end in. */
const PLACES: readonly (readonly [
  name: RegExp,
  classes: readonly string[],
  settings: (name: string) => Settings,
])[] = [
  [/relu\d*$/, ["ReLU"], () => ({})],
  [/norm\d*$/, ["BatchNorm2d", "SyncBatchNorm"], () => ({ eps: 1e-5 })],
  [
    /conv\d*$/,
    ["Conv2d"],
    (name) => ({
      stride: name.endsWith("conv0") ? 2 : 1,
      padding: name.endsWith("conv0") ? 3 : name.endsWith("conv2") ? 1 : 0,
      dilation: 1,
      groups: 1,
      padding_mode: "zeros",
    }),
  ],
  [/pool0$/, ["MaxPool2d"], () => ({ kernel_size: 3, stride: 2, padding: 1, dilation: 1, ceil_mode: false })],
  [
    /pool$/,
    ["AvgPool2d"],
    () => ({ kernel_size: 2, stride: 2, padding: 0, ceil_mode: false, divisor_override: null }),
  ],
];

const LAYER = ["norm1", "relu1", "conv1", "norm2", "relu2", "conv2"];

/** The modules of each container, in the order in which they run. */
const ORDERS: readonly (readonly [name: RegExp, children: readonly string[]])[] = [
  [
    /^features$/,
    [
      ...["conv0", "norm0", "relu0", "pool0", "denseblock1", "transition1", "denseblock2", "transition2"],
      ...["denseblock3", "transition3", "denseblock4", "norm5"],
    ],
  ],
  [/transition\d$/, ["norm", "relu", "conv", "pool"]],
  [/denselayer\d+$/, LAYER],
];

/** A name as torchvision has it today. Until 0.2.1, the modules of a layer were `norm.1`, `relu.1`, `conv.1`. */
const today = (key: string): string => key.replace(/^(norm|relu|conv)\.([12])$/, "$1$2");

function checkOrder(name: string, children: readonly [string, PickleObject][]): void {
  const order = ORDERS.find(([place]) => place.test(name))?.[1];
  if (order === undefined) return;
  const keys = children.filter(([, child]) => !isTransparent(child)).map(([key]) => today(key));
  // The forward pass applies a ReLU to norm5 anyway, so that another one changes nothing.
  const last = name === "features" && /^relu\d*$/.test(keys.at(-1) ?? "") ? keys.slice(0, -1) : keys;
  if (last.join() === order.join()) return;
  const extra = last.find((key) => !order.includes(key));
  const missing = order.find((key) => !last.includes(key));
  const problem =
    extra !== undefined
      ? `it holds ${quote(extra)} too`
      : missing !== undefined
        ? `it has no ${quote(missing)}`
        : `its modules stand in another order (${last.join(", ")})`;
  throw otherModule(name, problem, { children: last });
}

function checkLeaf(name: string, module: PickleObject): void {
  const className = torchClass(module);
  const [, classes, settings] = PLACES.find(([place]) => place.test(name)) ?? [];
  if (classes === undefined && isTransparent(module)) return;
  if (className === undefined || classes?.includes(className) !== true)
    throw otherModule(name, `its class is ${module.className ?? "unknown"}`, { className: module.className });
  for (const [key, expected] of Object.entries(settings!(name))) {
    const actual = setting(module, key);
    // Older versions of PyTorch lack the setting, or leave a stride None for the kernel's size.
    if (actual === undefined || actual === expected || (actual === null && expected !== null)) continue;
    throw otherModule(name, `its ${key} is ${quote(actual)}, not ${quote(expected)}`, { key, actual });
  }
}

/**
 * Check that the features of a module are torchvision's.
 *
 * @throws  XrayError `checkpoint/other-module`, which names the first module that differs.
 */
export function checkFeatures(module: PickleObject, name = "features", depth = 0): void {
  if (depth > MAX_DEPTH) return;
  const children = childrenOf(module);
  if (children.length === 0) {
    checkLeaf(name, module);
    return;
  }
  checkOrder(name, children);
  for (const [key, child] of children) checkFeatures(child, `${name}.${today(key)}`, depth + 1);
}
