/**
 * Mouse, pen, fingers and wheel on the canvas, as what is done to the viewer's state.
 *
 * Knows: events of a canvas and the state. Not how anything is drawn.
 */

import { zoomBy } from "./commands.ts";
import { type Drag, startDrag, startPinch } from "./drags.ts";
import type { Place } from "./picture.ts";
import type { ViewerState } from "./state.ts";

/** What the pointers ask of the element. */
export interface PointerHost {
  /** Whether every tool points where the mouse is or a finger taps. */
  readonly pointOnHover: boolean;
  /** Whether Space is held, so that dragging pans. */
  readonly isSpaceHeld: boolean;
  /** The mouse is somewhere else on the picture, or has left. */
  hover(place: Place | undefined): void;
  /** Space was used for dragging, so that it is no key press. */
  spaceUsed(): void;
}

/** A pointer that moved less than this far was a tap, in CSS pixels. */
const TAP = 4;
/** A wheel's turn of so many CSS pixels zooms by a factor of e; for a pinch on a touchpad, which comes as a wheel with Ctrl. */
const WHEEL = 500;
const TOUCHPAD_PINCH = 100;
const LINE = 16;

const MIDDLE_BUTTON = 1;

/** Turns events of one canvas into drags. */
export class Pointers {
  readonly #canvas: HTMLCanvasElement;
  readonly #state: ViewerState;
  readonly #host: PointerHost;
  /** Fingers and buttons that are down, by pointer id, on the canvas. */
  readonly #down = new Map<number, Place>();
  #drag: { readonly drag: Drag; readonly pointer: number; readonly from: Place; isTap: boolean } | undefined;
  #pinch: ReturnType<typeof startPinch> | undefined;

  constructor(canvas: HTMLCanvasElement, state: ViewerState, host: PointerHost) {
    this.#canvas = canvas;
    this.#state = state;
    this.#host = host;
    canvas.addEventListener("pointerdown", this.#onDown);
    canvas.addEventListener("pointermove", this.#onMove);
    canvas.addEventListener("pointerup", this.#onUp);
    canvas.addEventListener("pointercancel", this.#onCancel);
    canvas.addEventListener("pointerleave", this.#onLeave);
    canvas.addEventListener("wheel", this.#onWheel, { passive: false });
    // The middle button would scroll the page by itself.
    canvas.addEventListener("mousedown", (event) => event.button === MIDDLE_BUTTON && event.preventDefault());
  }

  /** Stop a drag as if it had never begun. */
  cancel(): boolean {
    const isDragging = this.#drag !== undefined;
    this.#drag?.drag.cancel();
    this.#drag = undefined;
    return isDragging;
  }

  /** Where an event is, in pixels of the canvas. */
  #at({ offsetX, offsetY }: MouseEvent): Place {
    const { density } = this.#state;
    return { x: offsetX * density, y: offsetY * density };
  }

  readonly #onDown = (event: PointerEvent): void => {
    if (this.#state.picture === undefined) return;
    const at = this.#at(event);
    const isPan = event.button === MIDDLE_BUTTON || this.#host.isSpaceHeld;
    if (event.button !== 0 && !isPan) return;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#down.set(event.pointerId, at);
    this.#state.crosshair = undefined;
    if (this.#down.size === 2) {
      this.cancel();
      this.#startPinch();
    } else if (this.#down.size === 1) {
      if (this.#host.isSpaceHeld) this.#host.spaceUsed();
      const drag = startDrag(this.#state, isPan ? "pan" : this.#state.tool, at);
      this.#drag = { drag, pointer: event.pointerId, from: at, isTap: !isPan };
    }
  };

  #startPinch(): void {
    const [first, second] = [...this.#down.values()];
    this.#pinch = startPinch(this.#state, [first!, second!]);
  }

  readonly #onMove = (event: PointerEvent): void => {
    if (this.#state.picture === undefined) return;
    const at = this.#at(event);
    if (this.#down.has(event.pointerId)) this.#down.set(event.pointerId, at);
    if (event.pointerType === "mouse" || event.pointerType === "pen") this.#hover(at);
    if (this.#pinch !== undefined) {
      const [first, second] = [...this.#down.values()];
      if (first !== undefined && second !== undefined) this.#pinch.move([first, second]);
      return;
    }
    const drag = this.#drag;
    if (drag?.pointer !== event.pointerId) return;
    if (Math.hypot(at.x - drag.from.x, at.y - drag.from.y) > TAP * this.#state.density) drag.isTap = false;
    drag.drag.move(at);
  };

  #hover(at: Place): void {
    const place = this.#state.under(at);
    this.#host.hover(place);
    const isFree = this.#drag === undefined && this.#pinch === undefined;
    if (isFree && (this.#state.tool === "point" || this.#host.pointOnHover)) this.#state.point(place);
  }

  readonly #onUp = (event: PointerEvent): void => {
    const at = this.#down.get(event.pointerId);
    this.#down.delete(event.pointerId);
    if (this.#pinch !== undefined) {
      this.#endPinch();
      return;
    }
    if (this.#drag?.pointer !== event.pointerId) return;
    const { drag, isTap } = this.#drag;
    this.#drag = undefined;
    drag.end();
    if (isTap && at !== undefined && this.#host.pointOnHover) this.#state.point(this.#state.under(at));
  };

  /** With one finger lifted the other does nothing until it is lifted as well. */
  #endPinch(): void {
    if (this.#down.size >= 2) {
      this.#startPinch();
      return;
    }
    this.#pinch = undefined;
    this.#state.settle();
  }

  readonly #onCancel = (event: PointerEvent): void => {
    this.#down.delete(event.pointerId);
    if (this.#pinch !== undefined) this.#endPinch();
    else this.cancel();
  };

  readonly #onLeave = (event: PointerEvent): void => {
    if (event.pointerType === "touch" || this.#drag !== undefined) return;
    this.#host.hover(undefined);
    // What the keyboard points at stays.
    if (this.#state.crosshair === undefined) this.#state.point(undefined);
  };

  readonly #onWheel = (event: WheelEvent): void => {
    if (this.#state.picture === undefined || this.#drag !== undefined) return;
    event.preventDefault();
    const turn = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1);
    zoomBy(this.#state, Math.exp(-turn / (event.ctrlKey ? TOUCHPAD_PINCH : WHEEL)), this.#at(event));
  };
}
