import { expect, test } from "vitest";
import { col2im } from "../../../src/graph/ops/col2im.ts";
import { slice } from "../../../src/graph/ops/slice.ts";
import { unfold } from "../../oracle/arrange.ts";
import { at, fill, range, sum } from "../../oracle/array.ts";
import { exact, expectGraph, numbers, runGraph } from "../../support/run-graph.ts";

/** Windows over an image of `size`; `columns` are N × (C·k²) × H' × W', what each place of each window gives. */
const CASES = [
  { name: "overlapping", size: [5, 6], kernel: 3, stride: 1, padding: 1, columns: [2, 2, 5, 6] },
  { name: "stride 2 with padding", size: [7, 8], kernel: 3, stride: 2, padding: 1, columns: [1, 3, 4, 4] },
  { name: "side by side", size: [4, 6], kernel: 2, stride: 2, padding: 0, columns: [2, 1, 2, 3] },
  { name: "with gaps", size: [7, 8], kernel: 2, stride: 3, padding: 0, columns: [1, 2, 2, 3] },
  { name: "rows left over", size: [6, 8], kernel: 3, stride: 3, padding: 0, columns: [1, 2, 2, 2] },
];

/** Each column's part of a value [N, k²·C, H', W'], places first. */
test.each(CASES)("$name: the sum of what reaches each pixel", async (row) => {
  const { size, kernel, stride, padding, columns } = row;
  const [n, c, h, w] = columns as [number, number, number, number];
  const parts = numbers([n, kernel ** 2 * c, h, w], 3);
  await expectGraph(
    [parts],
    (x) =>
      col2im(
        (u, v) => {
          const start = (u * kernel + v) * c;
          return slice(x!, [{ axis: 1, start, end: start + c }]);
        },
        { kernel, stride, padding },
        size as [number, number],
      ),
    (x) =>
      fill([n, c, ...size], ([b, k, row, column]) =>
        sum(
          range(kernel ** 2).map((place) => {
            const i = (row! + padding - Math.floor(place / kernel)) / stride;
            const j = (column! + padding - (place % kernel)) / stride;
            const isWindow = Number.isInteger(i) && Number.isInteger(j) && i >= 0 && j >= 0 && i < h && j < w;
            return isWindow ? at(x!, [b!, place * c + k!, i, j]) : 0;
          }),
        ),
      ),
  );
});

test("it is the adjoint of unfolding: Σ unfold(x) · y = Σ x · col2im(y)", async () => {
  const window = { kernel: 3, stride: 2, padding: 1 };
  const [x, y] = [numbers([1, 2, 7, 8], 1), numbers([1, 18, 4, 4], 2)];
  const there = unfold(exact(x), window.kernel, window.stride, window.padding);
  const back = await runGraph([y], (value) =>
    col2im(
      // Unfolded channels are c·9 + place.
      (u, v) => slice(value!, [{ axis: 1, start: 3 * u + v, end: 3 * u + v + 10, stride: 9 }]),
      window,
      [7, 8],
    ),
  );
  const left = sum(there.data.map((value, i) => value * y.data[i]!));
  const right = sum(Float64Array.from(back.data, (value, i) => value * x.data[i]!));
  expect(Math.abs(left - right)).toBeLessThan(1e-5 * Math.abs(left));
});
