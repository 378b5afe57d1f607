/**
 * What was dropped, pasted or chosen, as a list of files: folders are searched for images.
 *
 * Knows: the browser's file objects, and how files begin. Not how they are read.
 */

import { type FileKind, identify } from "../../src/formats/identify.ts";
import type { DroppedFile } from "./item.ts";

/** Files to read, and those that were passed over, in words. */
export interface Intake {
  readonly files: readonly DroppedFile[];
  readonly passedOver: readonly string[];
}

/** A file, and whether it was found in a folder rather than named by the user. */
export interface Found {
  readonly path: string;
  readonly file: Blob;
  readonly isFromFolder: boolean;
}

/** Enough for the preamble of a DICOM file and its first attributes. */
const HEAD_BYTES = 1024;
const KINDS: ReadonlySet<FileKind> = new Set<FileKind>(["png", "jpeg", "tiff", "webp", "dicom"]);
/** Media Storage Directory Storage, DICOM PS3.6. */
const DIRECTORY_CLASS = "1.2.840.10008.1.3.10";

const isDirectory = (head: Uint8Array): boolean =>
  new TextDecoder("latin1").decode(head).includes(`${DIRECTORY_CLASS}\0`);

/** Choose what to read: of files from folders, only images; of others, all but directories of DICOM files. */
export async function chooseFiles(found: readonly Found[]): Promise<Intake> {
  const files: DroppedFile[] = [];
  const passedOver: string[] = [];
  let others = 0;
  for (const { path, file, isFromFolder } of found) {
    const head = new Uint8Array(
      await file
        .slice(0, HEAD_BYTES)
        .arrayBuffer()
        .catch(() => new ArrayBuffer(0)),
    );
    const kind = identify(head);
    if (kind === "dicom" && isDirectory(head)) {
      passedOver.push(
        `${path} only lists the files of a disc and holds no image. Drop the folder that it came in, and all of its images are read.`,
      );
    } else if (isFromFolder && !KINDS.has(kind)) others++;
    else files.push({ name: path, file });
  }
  if (others > 0) {
    passedOver.push(
      `${others} ${others === 1 ? "file is no image and was" : "files are no images and were"} passed over.`,
    );
  }
  return { files, passedOver };
}

const names = new Intl.Collator("en", { numeric: true });

/** Everything in a folder, in the order of its names. */
async function* filesIn(folder: FileSystemDirectoryEntry): AsyncGenerator<Found> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    // A reader hands out a folder in parts; an empty one is the end.
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (part.length === 0) break;
    entries.push(...part);
  }
  for (const entry of entries.sort((a, b) => names.compare(a.name, b.name))) {
    if (entry.isDirectory) yield* filesIn(entry as FileSystemDirectoryEntry);
    else yield { path: entry.fullPath.replace(/^\//, ""), file: await fileOf(entry), isFromFolder: true };
  }
}

const fileOf = (entry: FileSystemEntry): Promise<File> =>
  new Promise((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));

/** What a drop or the clipboard holds. Call it within the event: afterwards it is empty. */
export async function takeTransfer(transfer: DataTransfer): Promise<Intake> {
  // Entries and files must be taken before anything is awaited.
  const taken = [...transfer.items]
    .filter(({ kind }) => kind === "file")
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const found: Found[] = [];
  for (const { entry, file } of taken) {
    if (entry?.isDirectory)
      for await (const one of filesIn(entry as FileSystemDirectoryEntry)) found.push(one);
    else if (file !== null) found.push({ path: file.name, file, isFromFolder: false });
  }
  return chooseFiles(found);
}

/** What a file input holds: files, or a folder's with their paths. */
export const takeChosen = (files: Iterable<File>): Promise<Intake> =>
  chooseFiles(
    [...files].map((file) => {
      const path = file.webkitRelativePath;
      return { path: path === "" ? file.name : path, file, isFromFolder: path !== "" };
    }),
  );
