import { expect, test } from "vitest";
import { isAddress, requestFor, shownAddress } from "../../../src/node/remote/address.ts";

test("addresses are told from paths", () => {
  expect(["https://a/b.png", "S3://bucket/key", "http://a"].map(isAddress)).toEqual([true, true, true]);
  expect(["images/https.png", "C:\\a.png", "ftp://a/b.png", "s3:/a/b"].map(isAddress)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

test("what may be secret is not shown", () => {
  expect(shownAddress("https://me:word@host/a.png?X-Amz-Signature=abc#x")).toBe("https://host/a.png?…");
  expect(shownAddress("s3://bucket/a b/c@d.png")).toBe("s3://bucket/a b/c@d.png");
});

test("a user and a password become a header", async () => {
  const { url, headers } = await requestFor("https://me:pass%20word@host/a.png", "GET");
  expect(url.href).toBe("https://host/a.png");
  expect(headers).toEqual({ authorization: `Basic ${Buffer.from("me:pass word").toString("base64")}` });
});

test.for([
  ["s3://bucket/a b/(1)+c.png", {}, "https://bucket.s3.us-east-1.amazonaws.com/a%20b/%281%29%2Bc.png"],
  [
    "s3://my.bucket/a.png",
    { AWS_DEFAULT_REGION: "eu-west-3" },
    "https://s3.eu-west-3.amazonaws.com/my.bucket/a.png",
  ],
  ["s3://b/a.png", { AWS_ENDPOINT_URL: "http://127.0.0.1:9000/" }, "http://127.0.0.1:9000/b/a.png"],
] as const)("%s", async ([address, env, expected]) => {
  const { url, headers, mayFollow } = await requestFor(address, "GET", env);
  expect([url.href, headers, mayFollow]).toEqual([expected, {}, false]);
});

test.for(["s3://bucket", "s3:///key", "https://"])("%s is no address of an image", async (address) => {
  await expect(requestFor(address, "GET", {})).rejects.toMatchObject({ code: "download/bad-url" });
});
