/**
 * The values that a pickle becomes: plain data, and inert records where Python would have made objects.
 *
 * Knows: nothing of torch. Nothing here can run.
 */

/** A reference to a Python class or function, of which only the name is kept. */
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

/** A dict, an OrderedDict or a defaultdict, in order. `state` is the argument of a BUILD. */
export class PickleDict extends Map<PickleValue, PickleValue> {
  state: PickleValue | undefined;
}

/** Any other Python object: what would have been called to make it, and with which arguments. */
export class PickleObject {
  readonly callable: PickleValue;
  readonly args: PickleValue;
  /** The argument of BUILD; for most classes, the instance's `__dict__`. */
  state: PickleValue | undefined;
  /** What APPENDS, ADDITEMS and SETITEMS added. */
  readonly items: PickleValue[] = [];
  readonly entries = new PickleDict();

  constructor(callable: PickleValue, args: PickleValue) {
    this.callable = callable;
    this.args = args;
  }

  /** `torchvision.models.densenet.DenseNet`, or undefined if the callable is not a global. */
  get className(): string | undefined {
    return this.callable instanceof PickleGlobal ? this.callable.path : undefined;
  }

  /** An attribute from the object's state. */
  attribute(name: string): PickleValue | undefined {
    const { state } = this;
    if (state instanceof PickleDict) return state.get(name);
    // The state of a class with __slots__ is the pair (dict, slots).
    if (Array.isArray(state) && state.length === 2) {
      for (const part of state) if (part instanceof PickleDict && part.has(name)) return part.get(name);
    }
    return undefined;
  }
}

/** A value that the reader of a certain kind of pickle adds, such as a tensor. */
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
