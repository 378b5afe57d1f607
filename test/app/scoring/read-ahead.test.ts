import { expect, test } from "vitest";
import { ReadAhead } from "../../../src/app/scoring/read-ahead.ts";

/** Reads that end when they are told to. */
function reads() {
  const begun: number[] = [];
  const end = new Map<number, (bytes: Uint8Array) => void>();
  const read = (id: number) => () => {
    begun.push(id);
    return new Promise<Uint8Array>((resolve) => end.set(id, resolve));
  };
  return { begun, read, end: (id: number) => end.get(id)!(Uint8Array.of(id)) };
}

test("eight images are read at a time, in order", async () => {
  const ahead = new ReadAhead();
  const { begun, read, end } = reads();
  for (let id = 0; id < 12; id++) ahead.add(id, 1000, read(id));
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  end(3);
  const taken = ahead.take(0);
  end(0);
  expect(await taken).toEqual(Uint8Array.of(0));
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("no more bytes are held than the limit, but a larger image is read alone", async () => {
  const ahead = new ReadAhead();
  const { begun, read, end } = reads();
  for (const [id, size] of [100e6, 40e6, 20e6, 20e6].entries()) ahead.add(id, size, read(id));
  expect(begun).toEqual([0]);
  end(0);
  await ahead.take(0);
  expect(begun).toEqual([0, 1, 2]);
  end(1);
  await ahead.take(1);
  expect(begun).toEqual([0, 1, 2, 3]);
});

test("whoever takes an image that is not being read yet need not wait for the others", async () => {
  const ahead = new ReadAhead();
  const { read, end } = reads();
  for (const id of [0, 1]) ahead.add(id, 60e6, read(id));
  const taken = ahead.take(1);
  end(1);
  expect(await taken).toEqual(Uint8Array.of(1));
});
