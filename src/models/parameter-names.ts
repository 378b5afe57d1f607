/**
 * Bringing a checkpoint's tensor names to torchvision's of today.
 *
 * Knows: how DenseNet's names have varied: wrappers before them, and `denselayer1.norm.1` until torchvision
 *        0.2.1. Reference: torchvision/models/densenet.py, `_load_state_dict`.
 */

/** The parameter by which a DenseNet is found inside whatever wraps it. */
const ANCHOR = "features.conv0.weight";

const OLD_LAYER = /^(.*denselayer\d+\.(?:norm|conv))\.([12]\.[a-z_]+)$/;
const SEQUENTIAL_HEAD = /^classifier\.\d+\.(weight|bias)$/;

/** Prefixes that wrap the network: `module.densenet121.` of `module.densenet121.features.conv0.weight`. */
export function wrapperPrefix(names: Iterable<string>): string {
  for (const name of names) {
    if (name === ANCHOR || name.endsWith(`.${ANCHOR}`)) return name.slice(0, -ANCHOR.length);
  }
  return "";
}

/**
 * Rename the tensors of a checkpoint to torchvision's names.
 *
 * @returns  A new map in the same order. Tensors outside the wrapper keep their full names.
 */
export function renameParameters<T>(tensors: ReadonlyMap<string, T>): Map<string, T> {
  const prefix = wrapperPrefix(tensors.keys());
  const heads = new Set<string>();
  for (const name of tensors.keys()) {
    const inner = name.startsWith(prefix) ? name.slice(prefix.length) : name;
    if (SEQUENTIAL_HEAD.test(inner)) heads.add(inner.split(".")[1]!);
  }
  const renamed = new Map<string, T>();
  for (const [name, tensor] of tensors) {
    let inner = name.startsWith(prefix) ? name.slice(prefix.length) : name;
    inner = inner.replace(OLD_LAYER, "$1$2");
    // Sequential(Linear, Sigmoid): only one member can have weights.
    if (heads.size === 1) inner = inner.replace(SEQUENTIAL_HEAD, "classifier.$1");
    // Two names for one parameter: the second is kept apart, and will be left over.
    const free = [inner, name].find((candidate) => !renamed.has(candidate));
    renamed.set(free ?? `second ${name}`, tensor);
  }
  return renamed;
}
