/**
 * deploy/orthanc/README.md as a newcomer follows it: its commands are run as printed, in a folder with what a checkout has,
 * with Debian's Orthanc. Only the ports differ, since those of the page may be taken, and nothing is installed.
 */

import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { MAIN } from "../cli/run.ts";
import { freePorts } from "../support/free-ports.ts";
import { Program, run, type Said, whyNot } from "./support/programs.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const HERE = join(ROOT, "deploy", "orthanc");
const README = readFileSync(join(HERE, "README.md"), "utf8");
const BLOCKS = [...README.matchAll(/^```sh\n(.*?)^```/gms)].map((block) => block[1] as string);
const why = whyNot("Orthanc", "storescu", "dcmcjpeg", "curl");

/** The only block of commands that contains a text. */
function block(text: string): string {
  const found = BLOCKS.filter((one) => one.includes(text));
  if (found.length !== 1) throw new Error(`${found.length} blocks of the README contain "${text}"`);
  return found[0] as string;
}

describe.skipIf(why !== undefined)(
  `the README of deploy/orthanc${why === undefined ? "" : ` (skipped: ${why})`}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), "medical-x-deploy-"));
    let archive: Program | undefined;
    let watcher: Program | undefined;
    let ports: readonly [http: number, dicom: number];

    /** The commands with this test's ports, in a shell that has read the block with the password. */
    const script = (commands: string): string =>
      `${block("export MEDICAL_X_DICOMWEB_USER")}\n${commands}`
        .replaceAll(":8042", `:${ports[0]}`)
        .replaceAll(" 4242 ", ` ${ports[1]} `);

    const env = (): NodeJS.ProcessEnv => ({
      PATH: [join(folder, "bin"), process.env["PATH"], "/usr/sbin"].join(delimiter),
      ORTHANC_HTTP_PORT: String(ports[0]),
      ORTHANC_DICOM_PORT: String(ports[1]),
      MEDICAL_X_CACHE: join(folder, "cache"),
    });

    /** A command that goes on until it is ended. */
    const start = (commands: string): Program =>
      new Program("bash", ["-ec", script(`exec ${commands}`)], { cwd: folder, env: env() });

    const shell = (commands: string): Promise<Said> =>
      run("bash", ["-ec", script(commands)], { cwd: folder, env: env() });

    async function count(): Promise<number> {
      const { code, stdout, stderr } = await shell(lines(block("remove-results.sh"))[0] as string);
      expect(code, stderr).toBe(0);
      return Number.parseInt(stdout, 10);
    }

    /** Count the results of one model. */
    const resultsOf = (model: string): Promise<Said> =>
      shell(`deploy/orthanc/remove-results.sh http://127.0.0.1:8042 '${model}'`);

    const lines = (commands: string): readonly string[] => commands.trim().split("\n");

    beforeAll(async () => {
      ports = (await freePorts(2)) as unknown as [number, number];
      for (const name of ["deploy", "test", "examples", "models"])
        symlinkSync(join(ROOT, name), join(folder, name));
      // `npx medical-x` in a checkout is the built command.
      mkdirSync(join(folder, "bin"));
      writeFileSync(
        join(folder, "bin", "npx"),
        `#!/bin/sh\nshift\nexec "${process.execPath}" "${MAIN}" "$@"\n`,
      );
      chmodSync(join(folder, "bin", "npx"), 0o755);
      archive = start(block("deploy/orthanc/start.sh"));
      await archive.until(async () => (await shell("curl --silent http://127.0.0.1:8042/")).code === 0);
      watcher = start(block("pacs watch"));
    });
    afterAll(async () => {
      await watcher?.end();
      await archive?.end();
      rmSync(folder, { recursive: true, force: true });
    });

    test("the archive asks for the password, and does not start without one", async () => {
      const system = "http://127.0.0.1:8042/system";
      const status = 'curl --silent --output /dev/null --write-out "%{http_code}"';
      expect((await shell(`${status} ${system}`)).stdout).toBe("401");
      const user = '--user "$MEDICAL_X_DICOMWEB_USER:$MEDICAL_X_DICOMWEB_PASSWORD"';
      expect((await shell(`${status} ${user} ${system}`)).stdout).toBe("200");
      for (const password of ["", 'with"quotes']) {
        const said = await shell(`MEDICAL_X_DICOMWEB_PASSWORD='${password}' deploy/orthanc/start.sh`);
        expect([said.code, said.stdout]).toEqual([2, ""]);
        expect(said.stderr).toMatch(/^start\.sh: .*MEDICAL_X_DICOMWEB_PASSWORD.*\n$/);
      }
    });

    test("the watcher reads what is sent, and its results are found, counted and removed", async () => {
      const sent = await shell(block("make_studies.py"));
      expect(sent.code, sent.stderr).toBe(0);
      // Three studies with a frontal and a lateral, one frontal, and two: four reports and four overlays.
      for (const end = Date.now() + 120_000; Date.now() < end && (await count()) < 8; ) await sleep(1000);
      expect(await count(), watcher?.said).toBe(8);
      await watcher?.until(async () => (watcher?.said.match(/^\S.*$/gm) ?? []).length >= 3);
      const status = await shell(block("pacs status"));
      expect(status.code, status.stderr).toBe(0);
      await watcher?.end();
      const removed = await shell(block("remove-results.sh"));
      expect([removed.code, removed.stdout]).toEqual([0, "8 series\n8 series deleted\n"]);
      expect(await count()).toBe(0);
    });

    test("what is no hash of a model is refused, and reaches no query", async () => {
      const said = await resultsOf("demo");
      expect([said.code, said.stdout]).toEqual([2, ""]);
      expect(said.stderr).toContain("no SHA-256");
      expect((await resultsOf("abc$(touch reached)")).code).toBe(2);
    });
  },
);

test("the compose file starts the same commands as the README, with the same password", () => {
  const { services } = parse(readFileSync(join(HERE, "compose.yaml"), "utf8")) as {
    services: Record<string, { command?: readonly string[]; environment: Record<string, string> }>;
  };
  const printed = block("pacs watch").trim().split(" ").slice(2);
  const changed = services["watch"]?.command
    ?.filter((word) => word !== "--allow-plain-http")
    .map((word) => word.replace("//orthanc:", "//127.0.0.1:").replace("/state", "watched"));
  expect(changed).toEqual(printed);
  const passwords = Object.values(services).map(
    ({ environment }) => environment["MEDICAL_X_DICOMWEB_PASSWORD"],
  );
  expect(new Set(passwords).size).toBe(1);
});
