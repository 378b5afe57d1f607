/**
 * Reads a stream to its end.
 *
 * Knows: bytes.
 */

/**
 * Collect the bytes of a stream.
 *
 * @param expected    How many bytes there will probably be, so that they are copied only once.
 * @param onProgress  Called with the number of bytes so far.
 */
export async function collect(
  stream: ReadableStream<Uint8Array>,
  expected: number,
  onProgress: (done: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  let bytes = new Uint8Array(expected);
  let done = 0;
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (done + part.value.length > bytes.length) {
      const larger = new Uint8Array(Math.max(2 * bytes.length, done + part.value.length));
      larger.set(bytes.subarray(0, done));
      bytes = larger;
    }
    bytes.set(part.value, done);
    done += part.value.length;
    onProgress(done);
  }
  return done === bytes.length ? bytes : bytes.slice(0, done);
}
