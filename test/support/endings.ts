/** What has to be ended after each test, such as servers. */

import { afterEach } from "vitest";

/** @returns  A list to add to. After each test its entries are called, the last one first, and the list is empty again. */
export function endings(): (() => Promise<void>)[] {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  return ends;
}
