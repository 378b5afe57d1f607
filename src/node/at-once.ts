/**
 * Work on many files, a few at a time.
 *
 * Knows: nothing about the work.
 */

/**
 * Do something with each item, at most `most` at a time, in the order of the items. The first failure ends it.
 *
 * @returns  The results, in the same order.
 */
export async function fewAtOnce<T, R>(
  items: readonly T[],
  most: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return results;
}
