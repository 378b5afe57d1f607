import { describe, expect, inject, test } from "vitest";
import { COMPILERS, type Compiler, compile, QUIET } from "./tools.ts";

const folder = inject("folder");

const NODE = { lib: ["ES2022"], types: ["node"] };
const PAGE = { lib: ["ES2022", "DOM", "DOM.Iterable"], types: [] };
const IN_NODE = ["examples/*.d.ts", "examples/medical-x", "examples/medical-x-evaluation"];
const IN_PAGES = ["examples/*.d.ts", "examples/medical-x-browser", "examples/medical-x-evaluation"];

const RESOLUTIONS = [
  { module: "NodeNext", moduleResolution: "NodeNext" },
  { module: "ESNext", moduleResolution: "bundler" },
];

describe.each(Object.keys(COMPILERS) as Compiler[])("%s, strict, every declaration checked", (compiler) => {
  for (const resolution of RESOLUTIONS)
    for (const exactOptionalPropertyTypes of [true, false]) {
      const options = { ...resolution, exactOptionalPropertyTypes };
      const words = `${resolution.moduleResolution}, exactOptionalPropertyTypes ${exactOptionalPropertyTypes}`;
      test(`the examples for Node compile: ${words}`, () => {
        expect(compile(folder, compiler, IN_NODE, { ...NODE, ...options })).toEqual(QUIET);
      });
      test(`the examples for a browser compile without Node's types: ${words}`, () => {
        expect(compile(folder, compiler, IN_PAGES, { ...PAGE, ...options })).toEqual(QUIET);
      });
    }

  test("medical-x/evaluation needs the language's own library only", () => {
    const only = ["examples/*.d.ts", "examples/medical-x-evaluation"];
    expect(compile(folder, compiler, only, { ...RESOLUTIONS[0], lib: ["ES2022"], types: [] })).toEqual(QUIET);
  });

  test("the examples of README.md and docs/ compile", () => {
    const both = { ...RESOLUTIONS[0], lib: PAGE.lib, types: NODE.types };
    expect(compile(folder, compiler, ["pages"], both)).toEqual(QUIET);
  });
});
