/**
 * Keeps the keyboard's focus on the page when what had it is removed or disabled, as a button that is used up.
 *
 * Knows: the DOM.
 */

const FOCUSABLE = "button, select, input, a[href], canvas[tabindex], [tabindex='0']";

const isUsable = (one: Element): boolean =>
  !one.matches(":disabled, .visually-hidden, .skip, [tabindex='-1']") &&
  one.checkVisibility({ visibilityProperty: true });

const ancestorsOf = (one: Element): readonly Element[] => {
  const ancestors: Element[] = [];
  for (let at = one.parentElement; at !== null; at = at.parentElement) ancestors.push(at);
  return ancestors;
};

/** The first that can have the focus in the nearest surroundings that are left; beyond them, in the main part of the page. */
function placeNear(ancestors: readonly Element[], root: Element): HTMLElement | undefined {
  const main = root.querySelector("main")!;
  const around = ancestors.filter((one) => one.isConnected && !one.contains(main));
  for (const place of [...around, main]) {
    const found = [...place.querySelectorAll<HTMLElement>(FOCUSABLE)].find(isUsable);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Start to watch an element and all in it, until the signal ends it. */
export function keepFocus(root: Element, signal: AbortSignal): void {
  let last: Element | undefined;
  let ancestors: readonly Element[] = [];
  const onFocus = ({ target }: Event) => {
    last = target as Element;
    ancestors = ancestorsOf(last);
  };
  const onBlur = ({ target }: Event) => {
    // Who clicks on no control gives up the focus. An element that is removed does not, and is gone by then.
    setTimeout(() => {
      const isGivenUp = target === last && document.activeElement === document.body;
      if (isGivenUp && last?.isConnected === true && isUsable(last)) last = undefined;
    });
  };
  const observer = new MutationObserver(() => {
    if (last === undefined || (last.isConnected && isUsable(last))) return;
    const { activeElement } = document;
    if (activeElement !== document.body && activeElement !== last) return;
    placeNear(ancestors, root)?.focus();
  });
  root.addEventListener("focusin", onFocus, { signal });
  root.addEventListener("focusout", onBlur, { signal });
  observer.observe(root, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["disabled", "hidden"],
  });
  signal.addEventListener("abort", () => observer.disconnect());
}
