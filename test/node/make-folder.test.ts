import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeFolders, makePrivateFolder } from "../../src/node/make-folder.ts";

const folder = mkdtempSync(join(tmpdir(), "medical-x-folders-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("folders are made with those above them, and may be there already", async () => {
  const deep = join(folder, "a", "b", "c");
  await makeFolders(deep);
  await makeFolders(deep);
  expect(statSync(deep).isDirectory()).toBe(true);
  const own = join(folder, "own", "state");
  makePrivateFolder(own);
  expect(statSync(own).mode & 0o777).toBe(0o700);
});

test("a file in the way is named", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  await expect(makeFolders(file)).rejects.toMatchObject({ code: "EEXIST" });
  await expect(makeFolders(join(file, "below"))).rejects.toMatchObject({ code: "ENOTDIR" });
  expect(() => makePrivateFolder(join(file, "below"))).toThrow(
    `${join(file, "below")}: a file stands where a folder is expected; name another`,
  );
});

test.skipIf(!existsSync("/proc/self"))("where the system makes no folder, that is an end", async () => {
  await expect(makeFolders("/proc/medical-x/state")).rejects.toMatchObject({ code: "ENOENT" });
  expect(() => makePrivateFolder("/proc/medical-x/state")).toThrow(
    "/proc/medical-x/state: there is no such file",
  );
});

/** Whether a disk of our own can be mounted. */
function canMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  const place = mkdtempSync(join(tmpdir(), "medical-x-mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", place], { stdio: "ignore" });
    execFileSync("umount", [place], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(place, { recursive: true });
  }
}

test.skipIf(!canMount())(
  "a read-only disk is named as the reason (needs the right to mount one)",
  async () => {
    const disk = join(folder, "disk");
    mkdirSync(disk);
    execFileSync("mount", ["-t", "tmpfs", "-o", "ro,size=64k", "tmpfs", disk]);
    try {
      await expect(makeFolders(join(disk, "a", "b"))).rejects.toMatchObject({ code: "EROFS" });
      expect(() => makePrivateFolder(join(disk, "a", "b"))).toThrow(
        `${join(disk, "a", "b")}: the disk is read-only`,
      );
      expect(existsSync(join(disk, "a"))).toBe(false);
    } finally {
      execFileSync("umount", [disk]);
    }
  },
);
