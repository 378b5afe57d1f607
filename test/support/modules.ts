/** Modules as torch pickles them, made from the seeded weights, for tests of what modules say about their form. */

import { PickleDict, PickleGlobal, PickleObject, type PickleValue } from "../../src/formats/pickle/values.ts";
import { TorchStorage } from "../../src/formats/torch/storage.ts";
import { TorchTensor } from "../../src/formats/torch/tensors.ts";
import { bytesOf, ITEM_SIZE, sizeOf, type Tensor } from "../../src/tensor.ts";

export const dict = (items: Readonly<Record<string, PickleValue>>): PickleDict =>
  new PickleDict(Object.entries(items));

/** A tensor as a checkpoint contains it. */
export function pickledTensor({ dtype, shape, data }: Tensor): TorchTensor {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const storage = new TorchStorage(dtype, bytesOf(data).length / ITEM_SIZE[dtype], () => bytesOf(data));
  return new TorchTensor(storage, 0, shape, strides);
}

/** `torch.nn.modules.activation.ReLU` → the pickled object, with these children and attributes. */
export function moduleOf(
  className: string,
  children: Readonly<Record<string, PickleObject>> = {},
  attributes: Readonly<Record<string, PickleValue>> = {},
): PickleObject {
  const at = className.lastIndexOf(".");
  const object = new PickleObject(new PickleGlobal(className.slice(0, at), className.slice(at + 1)), []);
  object.state = dict({
    training: false,
    _parameters: dict({}),
    _buffers: dict({}),
    _modules: dict(children),
    ...attributes,
  });
  return object;
}

const SETTINGS: Readonly<
  Record<string, (name: string) => readonly [string, Readonly<Record<string, PickleValue>>]>
> = {
  conv: (name) => [
    "torch.nn.modules.conv.Conv2d",
    {
      stride: name.endsWith("conv0") ? [2, 2] : [1, 1],
      padding: name.endsWith("conv0") ? [3, 3] : name.endsWith("conv2") ? [1, 1] : [0, 0],
      dilation: [1, 1],
      groups: 1,
      padding_mode: "zeros",
    },
  ],
  norm: () => ["torch.nn.modules.batchnorm.BatchNorm2d", { eps: 1e-5, momentum: 0.1 }],
  classifier: () => ["torch.nn.modules.linear.Linear", {}],
};

/** The leaf module of a name, with its own tensors. */
function leaf(name: string, tensors: ReadonlyMap<string, Tensor>): PickleObject {
  const kind = /(conv|norm|classifier)\d*$/.exec(name)![1]!;
  const [className, attributes] = SETTINGS[kind]!(name);
  const own = [...tensors].filter(
    ([key]) => key.startsWith(`${name}.`) && !key.slice(name.length + 1).includes("."),
  );
  const field = (isBuffer: boolean) =>
    new PickleDict(
      own
        .map(([key, tensor]) => [key.slice(name.length + 1), pickledTensor(tensor)] as const)
        .filter(([key]) => /running|num_batches/.test(key) === isBuffer),
    );
  return moduleOf(className, {}, { ...attributes, _parameters: field(false), _buffers: field(true) });
}

/** The class of torchvision's containers, by what they contain. */
const containerClass = (name: string): string => {
  if (/denselayer\d+$/.test(name)) return "torchvision.models.densenet._DenseLayer";
  if (/denseblock\d+$/.test(name)) return "torchvision.models.densenet._DenseBlock";
  if (/transition\d+$/.test(name)) return "torchvision.models.densenet._Transition";
  return name === "" ? "torchvision.models.densenet.DenseNet" : "torch.nn.modules.container.Sequential";
};

/** The children of a module. ReLUs and pools, which have no tensors, are where torchvision has them. */
export function denseNetModule(
  tensors: ReadonlyMap<string, Tensor>,
  className = "torchvision.models.densenet.DenseNet",
  name = "",
): PickleObject {
  const prefix = name === "" ? "" : `${name}.`;
  const keys = new Set<string>();
  for (const key of tensors.keys())
    if (key.startsWith(prefix)) keys.add(key.slice(prefix.length).split(".")[0]!);
  const children: Record<string, PickleObject> = {};
  for (const key of keys) {
    const inner = prefix + key;
    children[key] = tensors.has(`${inner}.weight`)
      ? leaf(inner, tensors)
      : denseNetModule(tensors, "", inner);
    const index = /^norm(\d*)$/.exec(key)?.[1];
    if (index !== undefined && index !== "5")
      children[`relu${index}`] = moduleOf("torch.nn.modules.activation.ReLU", {}, { inplace: true });
    if (index === "0") {
      const pool = { kernel_size: 3, stride: 2, padding: 1, dilation: 1, ceil_mode: false };
      children["pool0"] = moduleOf("torch.nn.modules.pooling.MaxPool2d", {}, pool);
    }
  }
  if (/transition\d+$/.test(name)) {
    const pool = { kernel_size: 2, stride: 2, padding: 0, ceil_mode: false };
    children["pool"] = moduleOf("torch.nn.modules.pooling.AvgPool2d", {}, pool);
  }
  return moduleOf(name === "" ? className : containerClass(name), children);
}

/** A module deep inside another. */
export function childOf(module: PickleObject, path: string): PickleObject {
  return path
    .split(".")
    .reduce((at, key) => (at.attribute("_modules") as PickleDict).get(key) as PickleObject, module);
}

/** Put a module in another's place. */
export function replaceChild(module: PickleObject, path: string, child: PickleObject): void {
  const keys = path.split(".");
  const parent = keys.length === 1 ? module : childOf(module, keys.slice(0, -1).join("."));
  (parent.attribute("_modules") as PickleDict).set(keys.at(-1)!, child);
}
