/**
 * Square windows that slide over images: their attributes, and their ONNX names.
 *
 * Knows: shapes and ops.
 */

/** A k × k window, moved by `stride`, over an image with `padding` on each side. */
export interface WindowAttributes {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
}

/** The window's attributes under the names that ONNX gives them. */
export function windowAttributes({ kernel, stride, padding }: WindowAttributes) {
  return {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
  };
}
