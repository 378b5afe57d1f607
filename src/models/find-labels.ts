/**
 * The outputs' names, wherever a checkpoint keeps them beside its weights.
 *
 * Pipeline:   pickled value or metadata → **candidates** → those that fit the outputs one to one
 * Knows:      under which names people keep labels, and the findings' own. Not networks.
 */

import { quote, XrayError } from "../errors.ts";
import { FINDING_NAMES, matchLabel } from "../findings.ts";
import { PickleDict, PickleObject, type PickleValue } from "../formats/pickle/values.ts";
import { pickledNames } from "./pickled-names.ts";

/** Something in a file that looks like the names of a model's outputs. */
export interface LabelCandidate {
  /** `checkpoint["hyper_parameters"]["labels"]` */
  readonly where: string;
  /** Undefined where they have no order: a set. */
  readonly names: readonly string[] | undefined;
  /** Lower is nearer to the weights: 0 is the module itself. */
  readonly distance: number;
  /** Whether they are findings, by and large. */
  readonly areFindings: boolean;
}

/** Names of keys that hold labels, without their separators: `class_to_idx`, `labelNames`, `classes_`, `id2label`. */
const LABEL_KEY = new RegExp(
  "^(?:(?:class|label|target|pathology|disease|finding|category|output|task)(?:es|s)?" +
    "(?:names?|list|set|columns?|cols?|order|vocab|map(?:ping)?|(?:to|2)(?:idx|index|id|i))?|" +
    "(?:pathologies|categories|diseases|names|conditions|observations|codes|encoder|mlb|vocab|ycols?|ycolumns?)|" +
    "(?:idx|index|id|i)(?:to|2)(?:class|label|name|target|pathology)(?:es|s)?|num2label|label2num)$",
);

/** Branches of a checkpoint that hold numbers for training, and no names of outputs. */
const PASSED_OVER =
  /optimi[sz]er|scheduler|scaler|rng|^loops$|^_metadata$|^(?:_parameters|_buffers|_modules|.*_hooks)$/i;

const MOST_NODES = 20_000;
const MAX_DEPTH = 8;

const foldKey = (key: string): string => key.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

const isFinding = (name: string): boolean => matchLabel(name, FINDING_NAMES) !== undefined;

/** How many of the names are findings. */
const findingsAmong = (names: readonly string[]): number => names.filter(isFinding).length;

/** Whether names are labels whatever their key is: two findings at least, and half of them. */
const namesFindings = (names: readonly string[]): boolean =>
  findingsAmong(names) >= Math.max(2, names.filter((name) => name !== "").length / 2);

/** The children of a value with their names: a dict's entries, an object's attributes. */
function childrenOf(value: PickleValue): Iterable<readonly [PickleValue, PickleValue]> {
  if (value instanceof PickleDict) return value;
  if (!(value instanceof PickleObject)) return [];
  const parts = [value.state, value.entries, ...(Array.isArray(value.state) ? value.state : [])];
  return parts.flatMap((part) => (part instanceof PickleDict ? [...part] : []));
}

/** Looks through a file, each value once, near before far. */
class LabelSearch {
  readonly found: LabelCandidate[] = [];
  readonly #seen = new Set<PickleValue>();

  /** Take a value as labels where its key or its content says that it holds them. Whether it does. */
  #take(key: string, value: PickleValue, where: string, distance: number): boolean {
    const isNamed = LABEL_KEY.test(foldKey(key));
    if (value instanceof Set) {
      const names = [...value].filter((item) => typeof item === "string");
      if (names.length !== value.size || !(isNamed || namesFindings(names)) || names.length === 0)
        return false;
      this.found.push({ where, names: undefined, distance, areFindings: namesFindings(names) });
      return true;
    }
    const names = pickledNames(value);
    if (names === undefined || names.length === 1 || !(isNamed || namesFindings(names))) return false;
    this.found.push({ where, names, distance, areFindings: namesFindings(names) });
    return true;
  }

  /** @param path  How the value is reached, as Python writes it. */
  walk(root: PickleValue, path: string, distance: number): void {
    let level: (readonly [PickleValue, string])[] = [[root, path]];
    for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
      const next: (readonly [PickleValue, string])[] = [];
      for (const [value, place] of level) {
        if (this.#seen.has(value) || this.#seen.size >= MOST_NODES) continue;
        this.#seen.add(value);
        const isObject = value instanceof PickleObject;
        for (const [key, child] of childrenOf(value)) {
          if (typeof key !== "string" || key.length > 200 || PASSED_OVER.test(key)) continue;
          const where = isObject ? `${place}.${key}` : `${place}[${quote(key)}]`;
          if (this.#take(key, child, where, distance + depth)) continue;
          if (child instanceof PickleDict || child instanceof PickleObject) next.push([child, where]);
        }
      }
      level = next;
    }
  }
}

/**
 * Whatever in a checkpoint looks like the names of its outputs.
 *
 * @param root    What `torch.load` would give.
 * @param module  The pickled module that was chosen, if one was: what it says itself is nearest.
 */
export function labelCandidates(root: PickleValue, module?: PickleObject): LabelCandidate[] {
  const search = new LabelSearch();
  if (module !== undefined) search.walk(module, "module", 0);
  search.walk(root, "checkpoint", module === undefined ? 0 : 1);
  return search.found;
}

/** JSON as the plain data of a pickle. */
function fromJson(value: unknown): PickleValue {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value === "object" && value !== null)
    return new PickleDict(Object.entries(value).map(([key, item]) => [key, fromJson(item)]));
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}

/** The same in metadata of text, where a value may be JSON. */
export function labelsInMetadata(metadata: Readonly<Record<string, string>>): LabelCandidate[] {
  const entries = Object.entries(metadata).map(([key, text]): [string, PickleValue] => {
    try {
      return [key, /^\s*[[{]/.test(text) ? fromJson(JSON.parse(text)) : text];
    } catch {
      return [key, text];
    }
  });
  const search = new LabelSearch();
  search.walk(new PickleDict(entries), "metadata", 0);
  return search.found;
}

/** Labels that were found, and what else is to be said of the candidates. */
export interface FoundLabels {
  readonly labels?: { readonly names: readonly string[]; readonly where: string };
  readonly notes: readonly string[];
}

const showNames = (names: readonly string[]): string =>
  `${names.slice(0, 3).map(quote).join(", ")}${names.length > 3 ? ", …" : ""}`;

/** Why a candidate cannot be the names of so many outputs; undefined where it can. */
function misfit({ names }: LabelCandidate, outputs: number): string | undefined {
  if (names === undefined) return "is a set, which has no order";
  if (names.length !== outputs)
    return `lists ${names.length} names (${showNames(names)}) for ${outputs} outputs`;
  const named = names.filter((name) => name !== "");
  return new Set(named).size === named.length ? undefined : `lists a name twice (${showNames(names)})`;
}

const sameNames = (a: readonly string[], b: readonly string[]): boolean =>
  a.every(
    (name, i) => name === b[i] || (matchLabel(name, [b[i]!]) !== undefined && name !== "" && b[i] !== ""),
  );

/** A key that says in so many words that labels are there: where they do not fit, that is worth telling. */
const CLEAR_KEY = /class|label|patholog|finding|disease|target/i;

const isWorthTelling = ({ where, areFindings }: LabelCandidate): boolean =>
  areFindings || CLEAR_KEY.test(where);

/** So many lists that do not fit are told of. */
const MOST_TOLD = 4;

/**
 * The labels of a model with so many outputs, out of what its file has.
 *
 * Lists of findings come first, then those that are nearer to the weights.
 *
 * @throws  XrayError `card/label-conflict` where two lists that are equally likely say different things.
 */
export function chooseLabels(candidates: readonly LabelCandidate[], outputs: number): FoundLabels {
  const notes = candidates
    .filter(isWorthTelling)
    .flatMap((candidate) => {
      const why = misfit(candidate, outputs);
      return why === undefined ? [] : [`${candidate.where} ${why}, and is not used`];
    })
    .slice(0, MOST_TOLD);
  const fitting = candidates
    .filter((candidate) => misfit(candidate, outputs) === undefined)
    .map((candidate) => ({ ...candidate, names: candidate.names! }))
    .sort((a, b) => Number(b.areFindings) - Number(a.areFindings) || a.distance - b.distance);
  const [first, ...others] = fitting;
  if (first === undefined) return { notes };
  for (const other of others.filter(({ names }) => !sameNames(names, first.names))) {
    if (other.areFindings === first.areFindings && other.distance === first.distance) {
      throw new XrayError(
        "card/label-conflict",
        `it names its outputs in two ways: ${first.where} begins with ${showNames(first.names)}, ` +
          `and ${other.where} with ${showNames(other.names)}. Name them with --labels a,b,…`,
        { first: first.where, other: other.where },
      );
    }
    if (isWorthTelling(other))
      notes.push(`${other.where} lists other names (${showNames(other.names)}), and is not used`);
  }
  return { labels: { names: first.names, where: first.where }, notes };
}
