/**
 * How ONNX files begin. They have no signature, but all known writers begin with the fields of a ModelProto in order.
 *
 * Knows: a few bytes.
 */

/**
 * The tags that follow the version, which takes two bytes: a producer's name or version, a domain, a model version, a
 * description, the graph, an operator set or metadata.
 */
const NEXT: readonly number[] = [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72];

/** Whether bytes begin like an ONNX file: with `ir_version` (1 to 127) and another of a ModelProto's fields. */
export const isOnnx = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x08 && bytes[1]! >= 1 && bytes[1]! < 0x80 && NEXT.includes(bytes[2]!);
