/**
 * What a viewer shows, and what is done to it: the window, the view, rulers and erased pixels, with undo.
 *
 * Knows: pictures and numbers. Not canvases, events or elements.
 */

import { erasedShare, type PackedMask, packed, unpacked } from "./erasure.ts";
import { type Windowable, windowableOf } from "./grey.ts";
import { History } from "./history.ts";
import type { Place, ViewerPicture, ViewGrid, ViewTool, ViewWindow } from "./picture.ts";
import type { Ruler } from "./rulers.ts";
import { type Placement, placementOf, type Size, scaleOf, toPicture, type View, WHOLE } from "./view.ts";

/** What undo goes back to. */
export interface Look {
  readonly view: View;
  /** The picture's own if undefined. */
  readonly window: ViewWindow | undefined;
  readonly inverted: boolean;
  readonly rulers: readonly Ruler[];
  readonly mask: PackedMask;
}

/** What changed: `stroke` while erased pixels are painted, `mask` at the end of it; `rest` at the end of any drag. */
export type Change = "view" | "window" | "rulers" | "stroke" | "mask" | "place" | "tool" | "brush" | "rest";

const FIRST: Look = { view: WHOLE, window: undefined, inverted: false, rulers: [], mask: undefined };

/** A brush covers this share of the picture's shorter side, at first. */
const FIRST_BRUSH = 1 / 24;

const sameWindow = (a: ViewWindow | undefined, b: ViewWindow | undefined): boolean =>
  a?.center === b?.center && a?.width === b?.width;

/** The state of a viewer. */
export class ViewerState {
  /** In pixels of the screen. */
  canvas: Size = { width: 1, height: 1 };
  /** Pixels of the screen per CSS pixel. */
  density = 1;
  /** What is dragged: while it is, it is drawn quickly rather than finely. */
  dragged: "look" | "view" | undefined;
  /** The cells that `point` points at; 7 × 7 over the whole picture unless given. */
  grid: ViewGrid | undefined;
  /** A ruler of which the keyboard has set the first end. */
  rulerStart: Place | undefined;
  readonly #changed: (change: Change) => void;
  #picture: ViewerPicture | undefined;
  #windowable: Windowable | undefined;
  #history = new History(FIRST);
  #look = FIRST;
  #mask: Uint8Array | undefined;
  #tool: ViewTool = "window";
  #pointed: Place | undefined;
  #crosshair: Place | undefined;
  #radius = 1;

  /** @param changed  Called after each change, while something is dragged, too. */
  constructor(changed: (change: Change) => void) {
    this.#changed = changed;
  }

  get picture(): ViewerPicture | undefined {
    return this.#picture;
  }

  /** Another picture starts with its own window and the whole of it in view, and with nothing to undo. */
  set picture(picture: ViewerPicture | undefined) {
    if (picture === this.#picture) return;
    this.#picture = picture;
    this.#windowable = undefined;
    this.#look = FIRST;
    this.#history = new History(this.#look);
    this.#mask = undefined;
    this.rulerStart = this.#pointed = this.#crosshair = undefined;
    if (picture !== undefined) this.#radius = Math.min(picture.width, picture.height) * FIRST_BRUSH;
  }

  /** What is shown now; during a drag, what it has come to. */
  get look(): Look {
    return this.#look;
  }

  /** What a window is applied to. There must be a picture. */
  get windowable(): Windowable {
    this.#windowable ??= windowableOf(this.#picture!);
    return this.#windowable;
  }

  /** The window that is applied. There must be a picture. */
  get window(): ViewWindow {
    return this.#look.window ?? this.windowable.window;
  }

  /** H·W, 1 where the picture is erased; undefined for nowhere. Modified while a stroke is drawn. */
  get mask(): Uint8Array | undefined {
    return this.#mask;
  }

  get tool(): ViewTool {
    return this.#tool;
  }

  set tool(tool: ViewTool) {
    if (tool === this.#tool) return;
    this.#tool = tool;
    this.rulerStart = undefined;
    this.crosshair = undefined;
    this.point(undefined);
    this.#changed("tool");
  }

  /** The place that is pointed at, on the picture. */
  get pointed(): Place | undefined {
    return this.#pointed;
  }

  /** Where the keyboard is, on the picture. */
  get crosshair(): Place | undefined {
    return this.#crosshair;
  }

  set crosshair(place: Place | undefined) {
    if (place === this.#crosshair) return;
    this.#crosshair = place;
    this.#changed("place");
  }

  /** The radius of the brush, in pixels of the picture. */
  get radius(): number {
    return this.#radius;
  }

  set radius(radius: number) {
    const { width, height } = this.#picture ?? { width: 1, height: 1 };
    this.#radius = Math.min(Math.min(width, height) / 2, Math.max(1, radius));
    this.#changed("brush");
  }

  get canUndo(): boolean {
    return this.#history.canUndo;
  }

  get canRedo(): boolean {
    return this.#history.canRedo;
  }

  /** Where the picture lies on the canvas. There must be a picture. */
  get placement(): Placement {
    return placementOf(this.#look.view, this.#picture!, this.canvas);
  }

  /** Pixels of the screen per pixel of the picture. There must be a picture. */
  get scale(): number {
    return scaleOf(this.#look.view, this.#picture!, this.canvas);
  }

  /** A place of the canvas, on the picture or beside it. There must be a picture. */
  under(at: Place): Place {
    return toPicture(this.placement, at);
  }

  /** Whether a place is on the picture. */
  has({ x, y }: Place): boolean {
    const { width, height } = this.#picture ?? { width: 0, height: 0 };
    return x >= 0 && y >= 0 && x < width && y < height;
  }

  /** Point at a place of the picture; one beside it is none. */
  point(place: Place | undefined): void {
    const next = place !== undefined && this.has(place) ? place : undefined;
    if (next === undefined && this.#pointed === undefined) return;
    this.#pointed = next;
    this.#changed("place");
  }

  /** Show something without making it a step yet. */
  preview(part: Partial<Omit<Look, "mask">>): void {
    this.#show({ ...this.#look, ...part });
  }

  /** Make what is shown a step that can be undone. Steps of one kind that follow one another quickly are one. */
  settle(kind?: string): void {
    this.dragged = undefined;
    const before = this.#history.present;
    const now = this.#look;
    const isSame =
      before.view === now.view &&
      sameWindow(before.window, now.window) &&
      before.inverted === now.inverted &&
      before.rulers === now.rulers &&
      before.mask === now.mask;
    if (!isSame) this.#history.commit(now, kind, Date.now());
    this.#changed("rest");
  }

  /** Go back to what was shown before a drag. */
  cancel(): void {
    this.dragged = undefined;
    this.#show(this.#history.present);
    this.#changed("rest");
  }

  /** Do something in one step. */
  apply(part: Partial<Omit<Look, "mask">>, kind?: string): void {
    this.preview(part);
    this.settle(kind);
  }

  undo(): void {
    this.#show(this.#history.undo());
  }

  redo(): void {
    this.#show(this.#history.redo());
  }

  /** The mask for a stroke to be drawn on; `strokeEnded` makes it a step. There must be a picture. */
  maskToDraw(): Uint8Array {
    this.#mask ??= new Uint8Array(this.#picture!.width * this.#picture!.height);
    return this.#mask;
  }

  /** A stroke went on. */
  strokeMoved(): void {
    this.#changed("stroke");
  }

  /** A stroke, or several at once, came to their end. */
  strokeEnded(): void {
    this.#look = { ...this.#look, mask: packed(this.#mask) };
    this.settle();
    this.#changed("mask");
  }

  /** A stroke was broken off: nothing of it stays. */
  cancelStroke(): void {
    this.#mask = unpacked(this.#look.mask, this.#picture!.width * this.#picture!.height);
    this.#changed("mask");
  }

  clearErased(): void {
    if (this.#look.mask === undefined) return;
    this.#mask = undefined;
    this.strokeEnded();
  }

  /** The share of the picture that is erased, 0 to 1. */
  get erased(): number {
    return erasedShare(this.#mask);
  }

  /** Take over a view from elsewhere. It is no step. */
  takeView(view: View): void {
    this.#look = { ...this.#look, view };
    this.#history.amend({ ...this.#history.present, view });
  }

  /** Take over a mask from elsewhere. It is no step. */
  takeMask(mask: Uint8Array | undefined): void {
    this.#mask = mask?.slice();
    this.#look = { ...this.#look, mask: packed(mask) };
    this.#history.amend({ ...this.#history.present, mask: this.#look.mask });
  }

  #show(next: Look): void {
    const last = this.#look;
    this.#look = next;
    if (next.mask !== last.mask || (next.mask === undefined) !== (this.#mask === undefined)) {
      const { width, height } = this.#picture!;
      this.#mask = unpacked(next.mask, width * height);
      this.#changed("mask");
    }
    if (next.view !== last.view) this.#changed("view");
    if (!sameWindow(next.window, last.window) || next.inverted !== last.inverted) this.#changed("window");
    if (next.rulers !== last.rulers) this.#changed("rulers");
  }
}
