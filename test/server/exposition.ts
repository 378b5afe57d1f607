/**
 * A strict parser of Prometheus's text format, written from its documentation:
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Exposition {
  readonly samples: readonly Sample[];
  readonly types: Readonly<Record<string, string>>;
  readonly helps: Readonly<Record<string, string>>;
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const LABEL = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"`;
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*,?)?\\})? (\\S+)(?: (-?\\d+))?$`);
const VALUE = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?Inf|NaN)$/;
const TYPES = ["counter", "gauge", "histogram", "summary", "untyped"];

const unescaped = (text: string): string =>
  text.replaceAll(/\\(["\\n])/g, (_, character: string) => (character === "n" ? "\n" : character));

function labelsOf(text = ""): Record<string, string> {
  const pairs = text.match(new RegExp(LABEL, "g")) ?? [];
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = ""] = pair.split("=", 1);
      return [name, unescaped(pair.slice(name.length + 2, -1))];
    }),
  );
}

const numberOf = (text: string): number => Number(text.replace("Inf", "Infinity"));

/** Parse a whole scrape. Throws an Error that quotes the first line that is wrong. */
export function parseExposition(text: string): Exposition {
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  const samples: Sample[] = [];
  const types: Record<string, string> = {};
  const helps: Record<string, string> = {};
  const seen = new Set<string>();
  for (const line of text.slice(0, -1).split("\n")) {
    const [, kind, name = "", rest = ""] = new RegExp(`^# (HELP|TYPE) (${NAME}) (.*)$`).exec(line) ?? [];
    if (kind === "HELP") helps[name] = rest;
    else if (kind === "TYPE") {
      if (!TYPES.includes(rest) || types[name] !== undefined) throw new Error(line);
      types[name] = rest;
    } else if (line !== "" && !line.startsWith("#")) {
      const [, sample, labels, value = ""] = SAMPLE.exec(line) ?? [];
      if (sample === undefined || !VALUE.test(value)) throw new Error(line);
      const key = `${sample}{${labels ?? ""}}`;
      if (seen.has(key)) throw new Error(`twice: ${line}`);
      seen.add(key);
      samples.push({ name: sample, labels: labelsOf(labels), value: numberOf(value) });
    }
  }
  return { samples, types, helps };
}
