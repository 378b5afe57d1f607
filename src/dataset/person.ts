/**
 * Age, sex, view and follow-up of a row, as far as they are known, in a uniform spelling.
 *
 * Knows:      how data sets write them. Values that cannot be read are unknown, and are counted.
 * Reference:  DICOM PS3.5 6.2, Age String (`058Y`, `006M`); PadChest (year of birth and date); BRAX (`85 or more`).
 */

import { agreeing, counted } from "../text.ts";
import type { Columns } from "./columns.ts";
import { isMissing } from "./missing.ts";
import { decimalOf } from "./number.ts";
import { viewOf } from "./views.ts";

/** What a label file says about the person and the view. */
export interface Person {
  readonly age: number | undefined;
  readonly sex: "M" | "F" | undefined;
  readonly view: string | undefined;
  readonly followUp: number | undefined;
}

/** Higher ages are taken for errors: NIH's table of 2017 has ages up to 414. */
const OLDEST = 100;

const UNITS_PER_YEAR: Readonly<Record<string, number>> = { Y: 1, M: 12, W: 52, D: 365 };

const SEXES: Readonly<Record<string, "M" | "F">> = { M: "M", F: "F", MALE: "M", FEMALE: "F" };

/** Whole years from `58`, `058Y`, `58.0`, `006M`, `85 or more` (BRAX) or `90+`; NaN for any other text. */
export function ageInYears(text: string): number {
  const plain = decimalOf(text.replace(/\s*(?:\+|or more)$/i, ""));
  if (plain >= 0) return Math.floor(plain);
  const match = /^(\d+)([YMWD])$/i.exec(text);
  if (match === null) return Number.NaN;
  return Math.floor(Number(match[1]) / UNITS_PER_YEAR[match[2]!.toUpperCase()]!);
}

/** Reads the optional columns, and counts the values that cannot be read. */
export class PersonReader {
  readonly #columns: Columns;
  readonly #ages = new Map<string, number>();
  readonly #views = new Map<string, string>();
  #tooOld = 0;
  #badAges = 0;
  #byBirth = 0;
  #badSexes = 0;

  constructor(columns: Columns) {
    this.#columns = columns;
  }

  #age(text: string): number | undefined {
    let age = this.#ages.get(text);
    if (age === undefined) {
      age = ageInYears(text);
      this.#ages.set(text, age);
    }
    if (age <= OLDEST) return age;
    if (age > OLDEST) this.#tooOld += 1;
    else this.#badAges += 1;
    return undefined;
  }

  /** The year of the image minus the year of birth, if no column has the age. */
  #ageByBirth(birth: string, date: string): number | undefined {
    if (this.#columns.age >= 0 || birth === "" || date === "") return undefined;
    const age = Number(/^\d{4}/.exec(date)?.[0]) - Math.floor(decimalOf(birth));
    if (!(age >= 0)) {
      this.#badAges += 1;
      return undefined;
    }
    this.#byBirth += 1;
    return this.#age(String(age));
  }

  #sex(text: string): "M" | "F" | undefined {
    const sex = SEXES[text.toUpperCase()];
    if (sex === undefined) this.#badSexes += 1;
    return sex;
  }

  /** One string for all equal views, because a string cut from a file's text keeps the whole text alive. */
  #oneOf(view: string): string {
    const known = this.#views.get(view) ?? view;
    this.#views.set(known, known);
    return known;
  }

  /** Read one row. */
  read(fields: readonly string[]): Person {
    const field = (column: number): string => {
      const text = column < 0 ? "" : fields[column]!.trim();
      return isMissing(text) ? "" : text;
    };
    const columns = this.#columns;
    const age = field(columns.age);
    const sex = field(columns.sex);
    const view = viewOf(field(columns.side), field(columns.view));
    const followUp = field(columns.followUp);
    return {
      age: age === "" ? this.#ageByBirth(field(columns.birth), field(columns.date)) : this.#age(age),
      sex: sex === "" ? undefined : this.#sex(sex),
      view: view === "" ? undefined : this.#oneOf(view),
      followUp: /^\d+$/.test(followUp) ? Number(followUp) : undefined,
    };
  }

  /** Notes on ages that were derived, and on values that could not be read. */
  notes(): string[] {
    const said = (n: number, what: string) =>
      n === 0 ? [] : [`${counted(n, "image")} ${agreeing(n, "has", "have")} ${what}, taken to be unknown`];
    return [
      ...(this.#byBirth > 0
        ? [
            `${counted(this.#byBirth, "image")} ${agreeing(this.#byBirth, "has", "have")} a year of birth and no age, which is taken to be the year of the image less that of birth: at most one year too high`,
          ]
        : []),
      ...said(this.#tooOld, `an age over ${OLDEST} years`),
      ...said(this.#badAges, "an age that cannot be read"),
      ...said(this.#badSexes, "a sex other than M or F"),
    ];
  }
}
