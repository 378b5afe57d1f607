import { expect, test } from "vitest";
import { CARD_KEY, parseCard, parseCardText, resolveCard } from "../../src/models/card.ts";
import { weaknessOf } from "../../src/models/card-maps.ts";
import { cardMetadata } from "../../src/models/compile.ts";

const MEASURED = {
  pairs: 40,
  boxArea: 0.02,
  pointing: 0.5,
  pointingLow: 0.35,
  pointingHigh: 0.65,
  control: 0.2,
  overlap: 0.25,
};
const MASS = {
  method: "product" as const,
  layers: ["norm5", "denseblock3", "denseblock2"] as const,
  level: 0.4,
  measured: MEASURED,
};
const NODULE = { method: "layercam" as const, layers: ["denseblock3"] as const };
const MAPS = { description: "measured on 80 boxes", findings: { Mass: MASS, Nodule: NODULE } };

test("the heatmaps that a card names travel by label, with what was measured of them", () => {
  expect(parseCard({ maps: MAPS })).toEqual({ maps: MAPS });
  expect(parseCardText(cardMetadata({ maps: MAPS })[CARD_KEY])).toEqual({ maps: MAPS });
  expect(parseCard({ maps: { findings: {} } })).toEqual({ maps: { description: "", findings: {} } });
});

test("names that a user gives take heatmaps along, by their place", () => {
  const two = { numLabels: 2, inChannels: 3 };
  const card = { labels: ["Mass", "Nodule"], maps: MAPS };
  expect(resolveCard(two, card, ["Nodule", "Cyst"]).maps!.findings).toEqual({ Nodule: MASS, Cyst: NODULE });
  expect(resolveCard(two, card).maps).toEqual(MAPS);
});

test.each([
  ["no object", 1, "maps must be a JSON object, but is 1"],
  ["no findings", {}, "maps.findings must be a JSON object, but is missing"],
])("maps that are %s are refused", (_, maps, problem) => {
  expect(() => parseCard({ maps })).toThrow(
    expect.objectContaining({
      code: "card/invalid",
      message: `its model card is not valid: ${problem}`,
    }),
  );
});

test.each([
  [
    { method: "sum", layers: ["norm5"] },
    /: maps\.findings\.Mass\.method must be one of gradcam, .*, but is "sum"$/,
  ],
  [{ layers: ["norm5"] }, /: maps\.findings\.Mass\.method must be one of .*, but is missing$/],
  [{ method: "product" }, /: maps\.findings\.Mass\.layers must be a list of one or more, but is missing$/],
  [{ method: "gradcam", layers: "norm5" }, /layers must be a list of one or more, but is "norm5"$/],
  [{ method: "gradcam", layers: [] }, /layers must be a list of one or more, but is an empty list$/],
  [{ method: "gradcam", layers: ["conv0"] }, /layers\[0\] must be one of norm5, .*, but is "conv0"$/],
  [
    { ...NODULE, layers: ["norm5", "denseblock3"] },
    /: maps\.findings\.Mass must name one layer, or two or more for a fused method$/,
  ],
  [
    { ...MASS, layers: ["norm5"] },
    /: maps\.findings\.Mass must name one layer, or two or more for a fused method$/,
  ],
  [
    { ...MASS, layers: ["norm5", "norm5"] },
    /: maps\.findings\.Mass must name one layer, or two or more for a fused method$/,
  ],
  [{ ...MASS, level: 0 }, /Mass\.level must be a number above 0 and at most 1, but is 0$/],
  [{ ...MASS, level: 1.1 }, /Mass\.level must be .*, but is 1\.1$/],
  [{ ...MASS, measured: {} }, /Mass\.measured\.pairs must be .*, but is missing$/],
  [{ ...MASS, measured: { ...MEASURED, pairs: 0 } }, /measured\.pairs must be .*, but is 0$/],
  [{ ...MASS, measured: { ...MEASURED, control: 2 } }, /control must be a number from 0 to 1, but is 2$/],
])("a finding's map that is %j is refused, with the field's path", (finding, problem) => {
  expect(() => parseCard({ maps: { findings: { Mass: finding } } })).toThrow(
    expect.objectContaining({ code: "card/invalid", message: expect.stringMatching(problem) }),
  );
});

test("a map points too badly if the interval's lower end does not exceed the control", () => {
  const weak = { ...MEASURED, control: 0.35 };
  expect(weaknessOf(MASS)).toBeUndefined();
  expect(weaknessOf({ ...MASS, measured: weak })).toBe("too small to localise");
  // A large heart always lies in the middle.
  expect(weaknessOf({ ...MASS, measured: { ...weak, boxArea: 0.2 } })).toBe("points no better than chance");
  expect(weaknessOf(NODULE)).toBeUndefined();
});
