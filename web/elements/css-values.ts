/**
 * Sets custom properties of an element through CSSOM, because the content security policy ignores style attributes.
 *
 * Knows: lit's directives.
 */

import { nothing } from "lit";
import { Directive, type DirectiveParameters, directive, type ElementPart } from "lit/directive.js";

class CssValues extends Directive {
  override render(_values: Readonly<Record<`--${string}`, string | number>>) {
    return nothing;
  }

  override update(part: ElementPart, [values]: DirectiveParameters<this>) {
    const { style } = part.element as HTMLElement;
    for (const [name, value] of Object.entries(values)) style.setProperty(name, String(value));
    return nothing;
  }
}

/** In an element's tag: `<div ${cssValues({ "--share": 0.8 })}>`. */
export const cssValues = directive(CssValues);
