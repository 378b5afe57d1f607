/**
 * Turns the settings of a training run into options: their names, their values, and how to parse them.
 *
 * Knows: commander, and the table of settings (`training/settings.ts`).
 */

import { InvalidArgumentError, Option } from "commander";
import { problemIn } from "../schema/schema.ts";
import { outlineOf, type SettingOutline } from "../schema/setting.ts";
import { SETTINGS, type SettingName } from "../training/settings.ts";
import { nameList, numberOf } from "./options.ts";

/** `batchSize` → `--batch-size <n>`; a switch that is on by default → `--no-shuffle`. */
function flagsOf(name: string, { type, value, default: standard }: SettingOutline): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (value !== undefined) return `--${words} <${value}>`;
  return type === "switch" && standard === true ? `--no-${words}` : `--${words}`;
}

/** Parse a value as typed into the form of its setting. */
function typed(text: string, type: SettingOutline["type"]): unknown {
  if (type === "number") return numberOf(text);
  return type === "list" ? nameList(text) : text;
}

/** Make a switch take the words on and off. */
function addWords(option: Option, standard: unknown): Option {
  return option
    .choices(["on", "off"])
    .argParser((text) => {
      if (text !== "on" && text !== "off") throw new InvalidArgumentError("Allowed choices are on, off.");
      return text === "on";
    })
    .default(standard, standard === true ? '"on"' : '"off"');
}

/** The option for a setting, with the setting's default and range. */
export function settingOption(name: SettingName): Option {
  const schema = SETTINGS[name];
  const outline = outlineOf(schema);
  const { type, choices, without, description, value, default: standard } = outline;
  const option = new Option(flagsOf(name, outline), without ?? description);
  if (type === "switch") {
    if (value !== undefined) return addWords(option, standard);
    return standard === true ? option : option.default(standard);
  }
  if (type === "choice") option.choices(choices);
  else {
    option.argParser((text) => {
      const read = typed(text, type);
      const problem = problemIn(schema, read);
      if (problem !== undefined) throw new InvalidArgumentError(`It ${problem.needs}.`);
      return read;
    });
  }
  return standard === null ? option : option.default(standard);
}
