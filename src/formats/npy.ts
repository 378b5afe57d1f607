/**
 * NumPy's .npy files: one float32 array, little-endian, C order.
 *
 * Reference: NumPy format specification, version 1.0.
 */

const ALIGNMENT = 64;

/** The header of a float32 array of this shape; the elements follow it. */
export function npyHeader(shape: readonly number[]): Uint8Array {
  const extents = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dict = `{'descr': '<f4', 'fortran_order': False, 'shape': (${extents}), }`;
  const unpadded = 10 + dict.length + 1;
  const padding = " ".repeat((ALIGNMENT - (unpadded % ALIGNMENT)) % ALIGNMENT);
  const text = `${dict}${padding}\n`;
  const header = new Uint8Array(10 + text.length);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(header.buffer).setUint16(8, text.length, true);
  header.set(new TextEncoder().encode(text), 10);
  return header;
}
