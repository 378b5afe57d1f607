import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { archiveAddress } from "../../../src/node/archive/address.ts";
import { authorizationFor, type CredentialOptions } from "../../../src/node/archive/credentials.ts";
import { netrcLogin } from "../../../src/node/archive/netrc.ts";
import { failureOf } from "./answering.ts";

const folder = mkdtempSync(join(tmpdir(), "medical-x-credentials-"));
afterAll(() => rmSync(folder, { recursive: true }));

const HERE = "http://127.0.0.1:8042";
const ELSEWHERE = "http://orthanc:8042";
const nowhere = join(folder, "nothing");

const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
const header = async (address: string, options: CredentialOptions) =>
  authorizationFor(archiveAddress(address), { netrc: nowhere, env: {}, ...options })();

const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text, { mode: 0o600 });
  return join(folder, name);
};

const USER = { MEDICAL_X_DICOMWEB_USER: "reader", MEDICAL_X_DICOMWEB_PASSWORD: "pä:ss wörd" };

test("without credentials, none are sent", async () => {
  expect(await header(HERE, {})).toBeUndefined();
  expect(await header(HERE, { env: { MEDICAL_X_DICOMWEB_USER: "" } })).toBeUndefined();
});

test("a user and a password are sent as Basic, in UTF-8", async () => {
  expect(await header(HERE, { env: USER })).toBe(basic("reader:pä:ss wörd"));
});

test("a token is sent as Bearer", async () => {
  expect(await header(HERE, { env: { MEDICAL_X_DICOMWEB_TOKEN: "abc.DEF-1=" } })).toBe("Bearer abc.DEF-1=");
});

test("a token file is read anew for each request", async () => {
  const file = put("token", "first\n");
  const read = authorizationFor(archiveAddress(HERE), { env: { MEDICAL_X_DICOMWEB_TOKEN_FILE: file } });
  expect(await read()).toBe("Bearer first");
  put("token", "second\n");
  expect(await read()).toBe("Bearer second");
});

test("the netrc file that NETRC names comes before the one in the home folder", async () => {
  const named = put("named", "machine 127.0.0.1 login a password b\n");
  const usual = put("usual", "machine 127.0.0.1 login c password d\n");
  expect(await header(HERE, { netrc: usual })).toBe(basic("c:d"));
  expect(await header(HERE, { netrc: usual, env: { NETRC: named } })).toBe(basic("a:b"));
  const error = await failureOf(header(HERE, { netrc: usual, env: { NETRC: nowhere } }));
  expect(error.code).toBe("file/not-found");
});

test("a password that is changed, removed or first written later counts from the next request on", async () => {
  const file = join(folder, "rotated");
  const authorization = authorizationFor(archiveAddress(HERE), { netrc: file, env: {} });
  expect(await authorization()).toBeUndefined();
  put("rotated", "machine 127.0.0.1 login c password one\n");
  expect(await authorization()).toBe(basic("c:one"));
  expect(await authorization()).toBe(basic("c:one"));
  put("rotated.new", "machine 127.0.0.1 login c password two\n");
  renameSync(join(folder, "rotated.new"), file);
  expect(await authorization()).toBe(basic("c:two"));
  rmSync(file);
  expect(await authorization()).toBeUndefined();
});

test("the environment comes before a netrc file", async () => {
  const usual = put("usual2", "machine 127.0.0.1 login c password d\n");
  expect(await header(HERE, { netrc: usual, env: { MEDICAL_X_DICOMWEB_TOKEN: "t" } })).toBe("Bearer t");
});

test.each<[Record<string, string>, RegExp]>([
  [{ MEDICAL_X_DICOMWEB_USER: "reader" }, /^only one of MEDICAL_X_DICOMWEB_USER and .*set both$/],
  [{ MEDICAL_X_DICOMWEB_PASSWORD: "s3cret" }, /^only one of/],
  [{ ...USER, MEDICAL_X_DICOMWEB_TOKEN: "s3cret" }, /set only one of them$/],
  [{ MEDICAL_X_DICOMWEB_TOKEN: "s3cret\r\nx-evil: 1" }, /MEDICAL_X_DICOMWEB_TOKEN: this is no bearer token/],
  [{ MEDICAL_X_DICOMWEB_USER: "reader", MEDICAL_X_DICOMWEB_PASSWORD: "s3cret\n" }, /control character/],
  [{ MEDICAL_X_DICOMWEB_USER: "a:b", MEDICAL_X_DICOMWEB_PASSWORD: "s3cret" }, /cannot contain a colon/],
])("credentials that cannot be right are refused without repeating them: %#", async (env, words) => {
  const error = await failureOf((async () => header(HERE, { env }))());
  expect(error).toMatchObject({ code: "pacs/bad-credentials", category: "usage" });
  expect(error.message).toMatch(words);
  expect(error.message).not.toMatch(/s3cret|pä/);
});

test("a password is not sent over plain HTTP to another machine, unless that is allowed", async () => {
  const error = await failureOf(header(ELSEWHERE, { env: USER }));
  expect(error).toMatchObject({ code: "pacs/plain-password", category: "usage" });
  expect(error.message).toMatch(/^http:\/\/orthanc:8042: .* unencrypted; use https, or allow plain HTTP/);
  expect(await header(ELSEWHERE, { env: USER, allowPlainHttp: true })).toBe(basic("reader:pä:ss wörd"));
  expect(await header("https://orthanc", { env: USER })).toBe(basic("reader:pä:ss wörd"));
  expect(await header(ELSEWHERE, {})).toBeUndefined();
});

const FORMS: readonly [string, string, readonly [string, string] | undefined][] = [
  ["one line", "machine pacs login u password p", ["u", "p"]],
  [
    "several lines, others before and after",
    "machine a login x password y\nmachine pacs\n\tlogin u\n\tpassword p\nmachine b login z password w",
    ["u", "p"],
  ],
  ["the password first", "machine pacs password p login u", ["u", "p"]],
  ["an account", "machine pacs login u account q password p", ["u", "p"]],
  ["a quoted password", 'machine pacs login u password "p \\"q\\" #r"', ["u", 'p "q" #r']],
  ["a password with a hash sign", "machine pacs login u password p#q", ["u", "p#q"]],
  ["a password that is a keyword", "machine pacs login machine password default", ["machine", "default"]],
  ["comments", "# machine pacs login no password no\nmachine pacs login u password p", ["u", "p"]],
  [
    "a macro",
    "macdef init\nmachine pacs login no password no\n\nmachine pacs login u password p",
    ["u", "p"],
  ],
  ["the first of two entries", "machine pacs login u password p machine pacs login v password q", ["u", "p"]],
  ["default", "machine other login x password y default login u password p", ["u", "p"]],
  ["another spelling of the host", "machine PACS login u password p", ["u", "p"]],
  ["Windows line ends", "machine pacs\r\nlogin u\r\npassword p\r\n", ["u", "p"]],
  ["another host", "machine pacs.example.org login u password p", undefined],
  ["no password", "machine pacs login u", undefined],
  ["an end too soon", "machine pacs login u password", undefined],
  ["nothing", "", undefined],
];

test.each(FORMS)("netrc: %s", (_, text, login) => {
  const found = netrcLogin(text, "pacs");
  expect(found && [found.user, found.password]).toEqual(login);
});
