/**
 * Parquet files on this machine, of which only the needed parts are read.
 *
 * Knows: files. `formats/parquet.ts` knows the format.
 */

import { type FileHandle, open } from "node:fs/promises";
import { inFile } from "../errors.ts";
import { type ByteRanges, ParquetFile } from "../formats/parquet.ts";
import { fileError, systemCode } from "./files.ts";

const rangesOf = (file: FileHandle, byteLength: number): ByteRanges => ({
  byteLength,
  async slice(start, end = byteLength) {
    const bytes = new Uint8Array(end - start);
    await file.read(bytes, 0, bytes.length, start);
    return bytes.buffer;
  },
});

/**
 * Read a Parquet file while it is open.
 *
 * @throws  XrayError `file/…`, `parquet/damaged`, naming the file.
 */
export async function withParquet<T>(path: string, work: (file: ParquetFile) => Promise<T>): Promise<T> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    return await work(await ParquetFile.open(rangesOf(file, (await file.stat()).size)));
  } catch (error) {
    throw systemCode(error) === undefined ? inFile(path, error) : fileError(path, error);
  } finally {
    await file?.close();
  }
}
