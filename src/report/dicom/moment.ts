/**
 * When objects are made, as DICOM writes it.
 *
 * Knows:      dates.
 * Reference:  DICOM PS3.5, table 6.2-1 (DA, TM); PS3.3, C.12.1.1.8 (Timezone Offset From UTC).
 */

import { zoneMinutes } from "./valid-values.ts";

/** A moment in one time zone. */
export interface Moment {
  /** `20261127`. */
  readonly date: string;
  /** `101530`. */
  readonly time: string;
}

/**
 * @param zone  The time zone of the image, such as `-0500`. It holds for all times of an object; without one they are local.
 */
export function momentOf(at: Date, zone: string | undefined): Moment {
  const minutes = zoneMinutes(zone) ?? -at.getTimezoneOffset();
  const iso = new Date(at.getTime() + minutes * 60_000).toISOString();
  return { date: iso.slice(0, 10).replaceAll("-", ""), time: iso.slice(11, 19).replaceAll(":", "") };
}
