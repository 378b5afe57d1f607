/**
 * Renaming a checkpoint's tensors to torchvision's current names.
 *
 * Knows:      how DenseNet's names vary: prefixes of wrappers, and `denselayer1.norm.1` until torchvision 0.2.1.
 * Reference:  torchvision/models/densenet.py, `_load_state_dict`.
 */

/** The parameter by which a DenseNet is found inside its wrappers. */
const ANCHOR = "features.conv0.weight";

const OLD_LAYER = /^(.*denselayer\d+\.(?:norm|conv))\.([12]\.[a-z_]+)$/;
const SEQUENTIAL_HEAD = /^classifier\.\d+\.(weight|bias)$/;

/**
 * The prefix of the names of each DenseNet in a file: `module.densenet121.` for
 * `module.densenet121.features.conv0.weight`.
 */
export function wrapperPrefixes(names: Iterable<string>): string[] {
  const prefixes: string[] = [];
  for (const name of names) {
    if (name === ANCHOR || name.endsWith(`.${ANCHOR}`)) prefixes.push(name.slice(0, -ANCHOR.length));
  }
  return prefixes;
}

/**
 * The tensors of one of a file's networks, and those that belong to no network.
 *
 * @param prefix    The prefix of the network's names.
 * @param prefixes  The prefixes of all networks in the file. The tensors of other networks are left out.
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
    // If this network is inside another one's module, the names of a DenseNet's modules tell them apart.
    (!name.startsWith(prefix) && outer.some((other) => isParameter(name, other)));
  return new Map([...tensors].filter(([name]) => !isOfAnother(name)));
}

const isParameter = (name: string, prefix: string): boolean =>
  name.startsWith(`${prefix}features.`) || name.startsWith(`${prefix}classifier.`);

/**
 * Rename the tensors of a checkpoint to torchvision's names.
 *
 * @param prefix  The prefix of the network's names. Default: that of the first network.
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
    // In Sequential(Linear, Sigmoid), only one member can have weights.
    if (heads.size === 1) inner = inner.replace(SEQUENTIAL_HEAD, "classifier.$1");
    // If two names become the same, the second tensor keeps another name and will be left over.
    const free = [inner, name].find((candidate) => !renamed.has(candidate));
    renamed.set(free ?? `second ${name}`, tensor);
  }
  return renamed;
}
