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

/** What stands before the names of each DenseNet in a file: `module.densenet121.` of `module.densenet121.features.conv0.weight`. */
export function wrapperPrefixes(names: Iterable<string>): string[] {
  const prefixes: string[] = [];
  for (const name of names) {
    if (name === ANCHOR || name.endsWith(`.${ANCHOR}`)) prefixes.push(name.slice(0, -ANCHOR.length));
  }
  return prefixes;
}

/**
 * The tensors of one of a file's networks, and those that are in none.
 *
 * @param prefix    What stands before the network's names.
 * @param prefixes  The same of all networks in the file. Tensors of another, behind its own prefix, are left away.
 */
export function tensorsOfNetwork<T>(
  tensors: ReadonlyMap<string, T>,
  prefix: string,
  prefixes: readonly string[],
): Map<string, T> {
  const others = prefixes.filter((other) => other !== prefix && !prefix.startsWith(other));
  const outer = prefixes.filter((other) => other !== prefix && prefix.startsWith(other));
  const isOfAnother = (name: string): boolean =>
    others.some((other) => name.startsWith(other)) ||
    // Where one stands within the other's module, their names are told apart by what a DenseNet has.
    (!name.startsWith(prefix) && outer.some((other) => isParameter(name, other)));
  return new Map([...tensors].filter(([name]) => !isOfAnother(name)));
}

const isParameter = (name: string, prefix: string): boolean =>
  name.startsWith(`${prefix}features.`) || name.startsWith(`${prefix}classifier.`);

/**
 * Rename the tensors of a checkpoint to torchvision's names.
 *
 * @param prefix  What stands before the network's names; the first network's unless given.
 * @returns       A new map in the same order. Tensors outside the wrapper keep their full names.
 */
export function renameParameters<T>(
  tensors: ReadonlyMap<string, T>,
  prefix: string = wrapperPrefixes(tensors.keys())[0] ?? "",
): Map<string, T> {
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
