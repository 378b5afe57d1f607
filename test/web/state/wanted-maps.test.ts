import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { XrayError } from "../../../src/errors.ts";
import type { FinerMap } from "../../../web/engine/reading.ts";
import type { Engine } from "../../../web/state/engine.ts";
import { INITIAL_STATE, type PageState } from "../../../web/state/page-state.ts";
import { Store } from "../../../web/state/store.ts";
import { WantedMaps } from "../../../web/state/wanted-maps.ts";
import { item, readItem } from "./items.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const NAMED = ["Mass", "Effusion", "Hernia"];
const MAP = { data: Float32Array.of(1), height: 1, width: 1 } as unknown as FinerMap;
/** Longer than a quiet moment, shorter than patience. */
const MOMENT = 500;

/** Wanted maps whose engine answers when the test says so. The card names maps for three findings. */
function wanting(state: Partial<PageState> = {}) {
  const items = [readItem(0, { Mass: 0.9 }), readItem(1, { Effusion: 0.8 }), item(2)];
  const store = new Store<PageState>({ ...INITIAL_STATE, items, selected: 0, ...state });
  const asked: string[] = [];
  const answers: ((outcome: FinerMap | Error) => void)[] = [];
  const finer: Engine["finer"] = (_image, name, finding) => {
    asked.push(`${name} ${finding}`);
    return new Promise((resolve, reject) => {
      answers.push((outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)));
    });
  };
  const card = { maps: { findings: Object.fromEntries(NAMED.map((name) => [name, {}])) } };
  const maps = new WantedMaps(store, () => ({ facts: { card }, finer }) as unknown as Engine);
  const set = (patch: Partial<PageState>) => {
    store.set(patch);
    maps.update();
  };
  const answer = async (outcome: FinerMap | Error = MAP) => {
    answers.shift()!(outcome);
    await vi.advanceTimersByTimeAsync(0);
  };
  const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
  maps.update();
  return { store, maps, asked, set, answer, pass };
}

test("a map is computed after a quiet moment, once, and is there when its finding is shown again", async () => {
  const { store, asked, set, answer, pass } = wanting();
  expect(store.value.finer).toEqual({ item: 0, finding: "Mass", map: "coming" });
  await pass(200);
  expect(asked).toEqual([]);
  await pass(MOMENT);
  expect(asked).toEqual(["0.png Mass"]);
  await answer();
  expect(store.value.finer).toEqual({ item: 0, finding: "Mass", map: MAP });
  set({ finding: "Effusion" });
  await pass(MOMENT);
  await answer();
  set({ finding: "Mass" });
  expect(store.value.finer).toEqual({ item: 0, finding: "Mass", map: MAP });
  await pass(5000);
  expect(asked).toEqual(["0.png Mass", "0.png Effusion"]);
});

test("findings and images that are only passed by cost nothing", async () => {
  const { asked, set, pass } = wanting();
  for (const finding of ["Effusion", "Mass", "Effusion", "Mass", "Hernia"]) {
    set({ finding });
    await pass(200);
  }
  set({ selected: 1 });
  await pass(200);
  set({ selected: 0 });
  await pass(MOMENT);
  expect(asked).toEqual(["0.png Hernia"]);
});

test("a finding for which the card names no map has none", async () => {
  const { store, asked, pass } = wanting({ finding: "Edema" });
  await pass(5000);
  expect(asked).toEqual([]);
  expect(store.value.finer).toBeUndefined();
});

test("while an image is read nothing is begun, unless it takes long", async () => {
  const { store, asked, set, pass } = wanting();
  const [first, second] = store.value.items;
  set({ items: [first!, second!, item(2, { state: "reading" })] });
  await pass(1500);
  expect(asked).toEqual([]);
  set({ items: [first!, second!, readItem(2)] });
  await pass(200);
  expect(asked).toEqual([]);
  await pass(MOMENT);
  expect(asked).toEqual(["0.png Mass"]);
  const long = wanting({ items: [first!, second!, item(2, { state: "reading" })] });
  await long.pass(3000);
  expect(long.asked).toEqual(["0.png Mass"]);
});

test("what is shown when a map is finished comes next, not what was shown in between", async () => {
  const { store, asked, set, answer, pass } = wanting();
  await pass(MOMENT);
  set({ finding: "Effusion" });
  await pass(MOMENT);
  set({ finding: "Hernia" });
  await pass(MOMENT);
  await answer();
  expect(asked).toEqual(["0.png Mass", "0.png Hernia"]);
  expect(store.value.finer).toEqual({ item: 0, finding: "Hernia", map: "coming" });
});

test("the image beside gets the map of the same finding", async () => {
  const { store, asked, set, answer, pass } = wanting({ compared: 1 });
  await pass(MOMENT);
  await answer();
  expect(store.value.comparedFiner).toEqual({ item: 1, finding: "Mass", map: "coming" });
  await answer();
  expect(asked).toEqual(["0.png Mass", "1.png Mass"]);
  expect(store.value.comparedFiner).toEqual({ item: 1, finding: "Mass", map: MAP });
  set({ compared: undefined });
  expect(store.value.comparedFiner).toBeUndefined();
});

test("a map that cannot be computed says why, and is tried again when it is shown the next time", async () => {
  const { store, asked, set, answer, pass } = wanting();
  await pass(MOMENT);
  await answer(new XrayError("browser/worker-failed", "0.png: memory ran out", {}));
  expect(store.value.finer?.map).toEqual({ code: "browser/worker-failed", message: "0.png: memory ran out" });
  await pass(5000);
  expect(asked).toHaveLength(1);
  set({ finding: "Effusion" });
  set({ finding: "Mass" });
  await pass(MOMENT);
  expect(asked).toEqual(["0.png Mass", "0.png Mass"]);
});

test("what comes after everything was forgotten is not shown", async () => {
  const { store, maps, asked, set, answer, pass } = wanting();
  await pass(MOMENT);
  maps.forget();
  set({ items: [readItem(0, { Mass: 0.9 })] });
  await answer();
  expect(store.value.finer?.map).toBe("coming");
  await pass(MOMENT);
  expect(asked).toHaveLength(2);
});
