/**
 * What a pickle turns into: plain data, and inert records where Python would have made an object.
 *
 * Knows: nothing of torch. Nothing here can run.
 */

/** A reference to a Python class or function. Only its name is kept. */
export class PickleGlobal {
  readonly module: string;
  readonly name: string;

  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }

  /** `torch._utils._rebuild_tensor_v2` */
  get path(): string {
    return `${this.module}.${this.name}`;
  }
}

/** A dict, an OrderedDict or a defaultdict, in order. `state` is what a BUILD added to it. */
export class PickleDict extends Map<PickleValue, PickleValue> {
  state: PickleValue | undefined;
}

/** Any other Python object: who would have made it, from what. */
export class PickleObject {
  readonly callable: PickleValue;
  readonly args: PickleValue;
  /** The argument of BUILD: for most classes, the instance's `__dict__`. */
  state: PickleValue | undefined;
  /** What APPENDS, ADDITEMS and SETITEMS added. */
  readonly items: PickleValue[] = [];
  readonly entries = new PickleDict();

  constructor(callable: PickleValue, args: PickleValue) {
    this.callable = callable;
    this.args = args;
  }

  /** `torchvision.models.densenet.DenseNet`, or undefined where the callable is no global. */
  get className(): string | undefined {
    return this.callable instanceof PickleGlobal ? this.callable.path : undefined;
  }

  /** An attribute from the object's state. */
  attribute(name: string): PickleValue | undefined {
    const { state } = this;
    if (state instanceof PickleDict) return state.get(name);
    // A class with __slots__ pickles the pair (dict, slots).
    if (Array.isArray(state) && state.length === 2) {
      for (const part of state) if (part instanceof PickleDict && part.has(name)) return part.get(name);
    }
    return undefined;
  }
}

/** Values that a reader of some kind of pickle adds of its own, such as tensors. */
export abstract class PickleExtension {
  abstract readonly kind: string;
}

/** Lists and tuples both become arrays. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Set<PickleValue>
  | PickleDict
  | PickleGlobal
  | PickleObject
  | PickleExtension;
