/** What of a page lies over something else, is cut off, or reaches beyond the screen. */

import type { Page } from "playwright-core";

/** Runs in the page. */
function lookAround(): string[] {
  interface Box {
    readonly element: Element;
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  }
  const faults: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth)
    faults.push(`${root.scrollWidth - root.clientWidth} pixels too wide`);

  /** Elements, those in shadow roots too. */
  const all = (from: Document | ShadowRoot | Element): Element[] =>
    [...from.querySelectorAll("*")].flatMap((one) => [
      one,
      ...(one.shadowRoot === null ? [] : all(one.shadowRoot)),
    ]);
  const parentOf = (one: Element): Element | null =>
    one.assignedSlot ??
    one.parentElement ??
    ((one.getRootNode() as ShadowRoot).host as Element | undefined) ??
    null;
  const name = (one: Element) => {
    const words = one.getAttribute("aria-label") ?? (one as HTMLElement).innerText?.trim().split("\n")[0];
    return `${one.localName} ${words || one.getAttribute("data-testid") || one.className}`;
  };

  /** What is left of an element's box after everything around it that scrolls has cut it. */
  const seen = (element: Element): Box | undefined => {
    let { left, top, right, bottom } = element.getBoundingClientRect();
    for (let around = parentOf(element); around !== null; around = parentOf(around)) {
      const { overflowX, position } = getComputedStyle(around);
      if (overflowX !== "visible" && around !== document.body && around !== root) {
        const box = around.getBoundingClientRect();
        left = Math.max(left, box.left);
        top = Math.max(top, box.top);
        right = Math.min(right, box.right);
        bottom = Math.min(bottom, box.bottom);
      }
      if (position === "fixed") break;
    }
    return right - left > 1 && bottom - top > 1 ? { element, left, top, right, bottom } : undefined;
  };

  // What is modal, or open over the page, is looked at alone.
  const over = all(document).find((one) => one.matches(":modal, :popover-open")) ?? document;
  const interactive = all(over)
    .filter((one) => one.matches("button, select, input, a[href], canvas[tabindex], [role=radio]"))
    .filter(
      (one) => !one.matches(".visually-hidden, .skip") && one.checkVisibility({ visibilityProperty: true }),
    )
    .map(seen)
    .filter((box) => box !== undefined);
  const holds = (outer: Element, inner: Element): boolean => {
    for (let at: Element | null = inner; at !== null; at = parentOf(at)) if (at === outer) return true;
    return false;
  };
  for (const [i, a] of interactive.entries()) {
    for (const b of interactive.slice(i + 1)) {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across <= 1 || down <= 1 || holds(a.element, b.element) || holds(b.element, a.element)) continue;
      faults.push(`${name(a.element)} overlaps ${name(b.element)}`);
    }
  }

  for (const row of document.querySelectorAll<HTMLElement>("[data-testid=finding]")) {
    const box = row.getBoundingClientRect();
    const parts = [...row.querySelectorAll<HTMLElement>(":scope > span:not(.bar, :empty)")];
    for (const [i, part] of parts.entries()) {
      const own = document.createRange();
      own.selectNodeContents(part);
      const words = own.getBoundingClientRect();
      const isCut = part.scrollWidth > part.clientWidth && getComputedStyle(part).overflowX !== "visible";
      if (isCut || words.left < box.left - 1 || words.right > box.right + 1)
        faults.push(`${name(row)}: “${part.innerText}” is cut off`);
      for (const other of parts.slice(i + 1)) {
        const range = document.createRange();
        range.selectNodeContents(other);
        const next = range.getBoundingClientRect();
        const across = Math.min(words.right, next.right) - Math.max(words.left, next.left);
        const down = Math.min(words.bottom, next.bottom) - Math.max(words.top, next.top);
        if (across > 0.5 && down > 4)
          faults.push(`${name(row)}: “${part.innerText}” runs into “${other.innerText}”`);
      }
    }
  }
  return faults;
}

/** One line for each fault. */
export const crowded = (page: Page): Promise<string[]> => page.evaluate(lookAround);
