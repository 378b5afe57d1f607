/** Reads a float32 .npy file according to NumPy's format specification 1.0, independently of the writer. */
export function readNpy(bytes: Uint8Array): { shape: number[]; data: Float32Array } {
  const magic = Buffer.from(bytes.subarray(0, 8)).toString("latin1");
  if (magic !== "\x93NUMPY\x01\x00") throw new Error("not a .npy file of version 1.0");
  const length = bytes[8]! | (bytes[9]! << 8);
  if ((10 + length) % 64 !== 0) throw new Error("the data is not aligned to 64 bytes");
  const header = Buffer.from(bytes.subarray(10, 10 + length)).toString("latin1");
  const fields = /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(([\d, ]+)\), \} *\n$/.exec(header);
  if (fields === null) throw new Error(`unexpected header ${header}`);
  const shape = fields[1]!.split(",").flatMap((extent) => (extent.trim() === "" ? [] : [Number(extent)]));
  const data = new Float32Array(Uint8Array.from(bytes.subarray(10 + length)).buffer);
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (data.length !== size) throw new Error(`${data.length} values for the shape ${shape}`);
  return { shape, data };
}
