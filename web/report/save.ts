/**
 * Hands files to the user.
 *
 * Knows: blobs and links.
 */

/** Let the browser save a file. */
export function save(name: string, content: Blob | string, type = "application/octet-stream"): void {
  const blob = typeof content === "string" ? new Blob([content], { type }) : content;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has taken hold of it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Let the user choose files. They are read by the caller, and sent nowhere. */
export function chooseFiles(how: {
  readonly accept?: string;
  readonly isFolder?: boolean;
  readonly isMultiple?: boolean;
}): Promise<File[]> {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = how.isMultiple ?? false;
  input.accept = how.accept ?? "";
  input.webkitdirectory = how.isFolder ?? false;
  return new Promise((resolve) => {
    input.onchange = () => resolve([...(input.files ?? [])]);
    input.oncancel = () => resolve([]);
    input.click();
  });
}
