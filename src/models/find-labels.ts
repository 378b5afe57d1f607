/**
 * The names of a model's outputs, wherever a checkpoint keeps them besides its weights.
 *
 * Pipeline:   pickled value or metadata → **candidates** → those that fit the outputs one to one
 * Knows:      the keys under which people keep labels, and the findings' names. Not networks.
 */

import { quote, XrayError } from "../errors.ts";
import { FINDING_NAMES, matchLabel } from "../findings.ts";
import { PickleDict, PickleObject, type PickleValue } from "../formats/pickle/values.ts";
import { counted } from "../text.ts";
import type { PathStep } from "./module-path.ts";
import { isIndexMapping, pickledNames, textsIn } from "./pickled-names.ts";

/** Something in a file that looks like the names of a model's outputs. */
export interface LabelCandidate {
  /** Where it was found: `checkpoint["hyper_parameters"]["labels"]`. */
  readonly where: string;
  /** Undefined if they cannot be read; `problem` then says why. */
  readonly names: readonly string[] | undefined;
  readonly problem?: string;
  /** Distance from the weights: 0 is in the network itself. */
  readonly distance: number;
  /** Whether most of the names are findings. */
  readonly areFindings: boolean;
  /** Whether the key is one for labels. If not, the names were recognised as findings. */
  readonly isNamed: boolean;
}

/** Keys that hold labels, written without separators: `class_to_idx`, `labelNames`, `classes_`, `id2label`. */
const LABEL_KEY = new RegExp(
  "^(?:(?:class|label|target|pathology|disease|finding|category|output|task)(?:es|s)?" +
    "(?:names?|list|set|columns?|cols?|order|vocab|map(?:ping)?|(?:to|2)(?:idx|index|id|i))?|" +
    "(?:pathologies|categories|diseases|names|conditions|observations|encoder|mlb|vocab|ycols?|ycolumns?)|" +
    "(?:idx|index|id|i)(?:to|2)(?:class|label|name|target|pathology)(?:es|s)?|num2label|label2num)$",
);

/** Branches of a checkpoint that hold numbers for training, but no names of outputs. */
const PASSED_OVER =
  /optimi[sz]er|scheduler|scaler|rng|^loops$|^_metadata$|^(?:_parameters|_buffers|_modules|.*_hooks)$/i;

const MOST_NODES = 20_000;
const MAX_DEPTH = 8;
/** How many items of a list are searched. */
const MOST_ITEMS = 100;

const foldKey = (key: string): string => key.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

const isFinding = (name: string): boolean => matchLabel(name, FINDING_NAMES) !== undefined;

/** How many of the names are findings. */
const findingsAmong = (names: readonly string[]): number => names.filter(isFinding).length;

/** Whether names are labels whatever their key: at least two of them, and at least half, are findings. */
const namesFindings = (names: readonly string[]): boolean =>
  names.length >= 2 && findingsAmong(names) >= Math.max(2, names.filter((name) => name !== "").length / 2);

/** Whether a name can be a label: `Nodule/Mass` can, but not a path, a file name or a sentence. */
const isLabelLike = (name: string): boolean =>
  name.length <= 100 &&
  !/^\.{0,2}\/|\/.*\/|[\\\n]|\.(?:png|jpe?g|tiff?|dcm|webp|csv|npy|pth?|txt)$/i.test(name);

/** The children of a value, with the step by which Python code reaches each: `["labels"]`, `.classes_`. */
function childrenOf(value: PickleValue): (readonly [key: string, child: PickleValue, step: string])[] {
  if (Array.isArray(value))
    return value.slice(0, MOST_ITEMS).map((child, i) => [String(i), child, `[${i}]`] as const);
  const parts =
    value instanceof PickleDict
      ? [value]
      : value instanceof PickleObject
        ? [value.state, value.entries, ...(Array.isArray(value.state) ? value.state : [])]
        : [];
  const step = (key: string) => (value instanceof PickleDict ? `[${quote(key)}]` : `.${key}`);
  return parts
    .flatMap((part) => (part instanceof PickleDict ? [...part] : []))
    .flatMap(([key, child]) =>
      typeof key === "string" && key.length <= 200 ? [[key, child, step(key)] as const] : [],
    );
}

/** Why a value under a key for labels cannot be read; undefined if it does not look like names. */
function problemOf(value: PickleValue): string | undefined {
  const holdsFindings = namesFindings(textsIn(value).filter((text) => text !== ""));
  if (value instanceof Set) return holdsFindings ? "is a set, which has no order" : undefined;
  if (value instanceof PickleDict)
    return holdsFindings || isIndexMapping(value)
      ? "does not give each name a place of its own, one after the other"
      : undefined;
  if (value instanceof PickleObject && /^pandas\./.test(value.className ?? ""))
    return "is a table of pandas, which is not read";
  return holdsFindings && typeof value !== "string" ? "cannot be read as a list of names" : undefined;
}

/** The names in a text that is one finding, or several separated by spaces. */
function findingsOfText(value: PickleValue): string[] | undefined {
  if (typeof value !== "string" || value.length > 10_000) return undefined;
  const names = isFinding(value) ? [value.trim()] : value.trim().split(/\s+/);
  return names.every(isFinding) ? names : undefined;
}

/** Searches a file breadth-first, visiting each value once. */
class LabelSearch {
  readonly found: LabelCandidate[] = [];
  readonly #seen = new Set<PickleValue>();

  /** Record a value as labels if its key or its content says that it holds them. Returns whether it does. */
  #take(key: string, value: PickleValue, where: string, distance: number): boolean {
    const isNamed = LABEL_KEY.test(foldKey(key));
    const names =
      value instanceof Set
        ? undefined
        : (pickledNames(value) ?? (isNamed ? findingsOfText(value) : undefined));
    if (names !== undefined) return this.#takeNames(names, { where, distance, isNamed }, value);
    const problem = isNamed ? problemOf(value) : undefined;
    if (problem === undefined) return false;
    this.found.push({ where, names: undefined, problem, distance, areFindings: true, isNamed });
    return true;
  }

  #takeNames(
    names: readonly string[],
    found: Pick<LabelCandidate, "where" | "distance" | "isNamed">,
    value: PickleValue,
  ): boolean {
    const areFindings = namesFindings(names);
    const isList = !(value instanceof PickleDict);
    if (!names.every(isLabelLike) || !(found.isNamed || (areFindings && isList))) return false;
    this.found.push({ ...found, names, areFindings });
    return true;
  }

  /**
   * Search a value and everything below it.
   *
   * @param path      How Python code reaches the value.
   * @param maxDepth  How many levels are searched.
   */
  walk(root: PickleValue, path: string, distance: number, maxDepth = MAX_DEPTH): void {
    let level: (readonly [PickleValue, string])[] = [[root, path]];
    for (let depth = 0; depth < maxDepth && level.length > 0; depth++) {
      const next: (readonly [PickleValue, string])[] = [];
      for (const [value, place] of level) {
        if (this.#seen.has(value) || this.#seen.size >= MOST_NODES) continue;
        this.#seen.add(value);
        for (const [key, child, step] of childrenOf(value)) {
          const where = place + step;
          if (this.#take(key, child, where, distance + depth) || PASSED_OVER.test(key)) continue;
          const isBranch =
            child instanceof PickleDict || child instanceof PickleObject || Array.isArray(child);
          if (isBranch) next.push([child, where]);
        }
      }
      level = next;
    }
  }
}

/**
 * Find everything in a checkpoint that looks like the names of its outputs.
 *
 * @param root     What `torch.load` would return.
 * @param modules  The pickled modules on the path to the chosen network, outermost first, if there are any. What the
 *                 network itself says is nearest.
 */
export function labelCandidates(root: PickleValue, modules: readonly PathStep[] = []): LabelCandidate[] {
  const search = new LabelSearch();
  for (const [i, { module, place }] of modules.toReversed().entries())
    search.walk(module, place === "" ? "module" : `module.${place.slice(0, -1)}`, i);
  search.walk(root, "checkpoint", modules.length);
  return search.found;
}

/** A JSON value as the corresponding value of a pickle. */
function fromJson(value: unknown): PickleValue {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value === "object" && value !== null)
    return new PickleDict(Object.entries(value).map(([key, item]) => [key, fromJson(item)]));
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}

/** Find everything that looks like the names of outputs in metadata, whose values are text that may be JSON. */
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

/** Labels that were found, and what there is to say about the candidates. */
export interface FoundLabels {
  readonly labels?: { readonly names: readonly string[]; readonly where: string };
  /** Notes on the labels and on candidates that are not used. */
  readonly notes: readonly string[];
  /** Why lists that look like labels are not used. */
  readonly misfits: readonly string[];
}

const showNames = (names: readonly string[]): string =>
  `${names.slice(0, 3).map(quote).join(", ")}${names.length > 3 ? ", …" : ""}`;

/** Why a candidate cannot be the names of so many outputs; undefined if it can. */
function misfit({ names, problem }: LabelCandidate, outputs: number): string | undefined {
  if (names === undefined) return problem ?? "cannot be read";
  if (names.length !== outputs)
    return `lists ${counted(names.length, "name")} (${showNames(names)}) for ${counted(outputs, "output")}`;
  const named = names.filter((name) => name !== "");
  return new Set(named).size === named.length ? undefined : `lists a name twice (${showNames(names)})`;
}

const sameNames = (a: readonly string[], b: readonly string[]): boolean =>
  a.every(
    (name, i) => name === b[i] || (name !== "" && b[i] !== "" && matchLabel(name, [b[i]!]) !== undefined),
  );

/** Keys that clearly stand for labels, so that a note is given if these do not fit. */
const CLEAR_KEY = /class|label|patholog|finding|disease|target/i;

const isWorthTelling = ({ where, areFindings, isNamed }: LabelCandidate): boolean =>
  isNamed && (areFindings || CLEAR_KEY.test(where));

/** How many lists that do not fit are mentioned. */
const MOST_TOLD = 4;

/**
 * Sorts likelier candidates first: those whose key is one for labels, then findings, then those nearer to the weights.
 */
const likelier = (a: LabelCandidate, b: LabelCandidate): number =>
  Number(b.isNamed) - Number(a.isNamed) ||
  Number(b.areFindings) - Number(a.areFindings) ||
  a.distance - b.distance;

/**
 * Choose the labels of a model with so many outputs from the candidates in its file.
 *
 * @throws  XrayError `card/label-conflict` if two equally likely lists have different names.
 */
export function chooseLabels(candidates: readonly LabelCandidate[], outputs: number): FoundLabels {
  const misfits = candidates
    .filter(isWorthTelling)
    .flatMap((candidate) => {
      const why = misfit(candidate, outputs);
      return why === undefined ? [] : [`${candidate.where} ${why}, so it is not used`];
    })
    .slice(0, MOST_TOLD);
  const [first, ...others] = candidates
    .filter((candidate) => misfit(candidate, outputs) === undefined)
    .map((candidate) => ({ ...candidate, names: candidate.names! }))
    .sort(likelier);
  if (first === undefined) return { notes: misfits, misfits };
  const notes = [
    first.isNamed
      ? `labels found in the file: ${first.where}`
      : `labels taken from ${first.where}, because it lists findings; if they are not the outputs in order, name those with the option labels`,
    ...misfits,
  ];
  for (const other of others.filter(({ names }) => !sameNames(names, first.names))) {
    if (likelier(first, other) === 0) {
      throw new XrayError(
        "card/label-conflict",
        `it names its outputs in two different ways: ${first.where} begins with ${showNames(first.names)}, ` +
          `and ${other.where} with ${showNames(other.names)}; name them in order`,
        { first: first.where, other: other.where },
      );
    }
    if (isWorthTelling(other))
      notes.push(`${other.where} lists other names (${showNames(other.names)}) and is not used`);
  }
  return { labels: { names: first.names, where: first.where }, notes, misfits };
}
