import { expect, test } from "vitest";
import { momentOf } from "../../../src/report/dicom/moment.ts";

const NEW_YEAR = new Date(Date.UTC(2026, 11, 31, 22, 45, 9));

test.each([
  ["+0000", "20261231", "224509"],
  ["+0530", "20270101", "041509"],
  ["-0500", "20261231", "174509"],
])("a moment in the image's time zone %s", (zone, date, time) => {
  expect(momentOf(NEW_YEAR, zone)).toEqual({ date, time });
});

test.each([undefined, "+99", "noon"])(
  "without a time zone that is valid (%j) it is this machine's time",
  (zone) => {
    const [hours, minutes] = [NEW_YEAR.getHours(), NEW_YEAR.getMinutes()].map((n) =>
      String(n).padStart(2, "0"),
    );
    expect(momentOf(NEW_YEAR, zone).time).toBe(`${hours}${minutes}09`);
  },
);
