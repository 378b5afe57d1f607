/**
 * Addresses of images: which text is one, how it is shown, and what to ask of which server for it.
 *
 * Knows:      URLs, and the environment variables that name an S3-compatible store.
 * Reference:  AWS, "Environment variables to configure the AWS CLI"; RFC 7617 (Basic).
 */

import { AwsV4Signer } from "aws4fetch";
import { XrayError } from "../../errors.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether a listed name is an address and not a path. */
export const isAddress = (name: string): boolean => /^(?:https?|s3):\/\//i.test(name);

/** An address without what may be secret in it: user, password, and the query, in which signatures stand. */
export function shownAddress(address: string): string {
  const plain = address.replace(/^([a-z\d]+:\/\/)[^/?#@]*@/i, "$1").replace(/#.*$/s, "");
  const query = plain.indexOf("?");
  return query < 0 ? plain : `${plain.slice(0, query)}?…`;
}

/** A request to a server. */
export interface RemoteRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether another address may be asked if the server says so; never with a signature, which holds for one alone. */
  readonly mayFollow: boolean;
}

function badAddress(address: string): XrayError {
  const shown = shownAddress(address);
  return new XrayError(
    "download/bad-url",
    `${shown}: this is no address of an image; write https://host/path or s3://bucket/key`,
    { file: shown },
  );
}

/** As S3 encodes keys: everything but unreserved characters, segment by segment. */
const encodeKey = (key: string): string =>
  key
    .split("/")
    .map((part) =>
      encodeURIComponent(part).replaceAll(
        /[!'()*]/g,
        (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join("/");

/** Where an object is: below the endpoint that is named, or at AWS. */
function objectUrl(bucket: string, key: string, region: string, env: Environment): URL {
  const endpoint = env["AWS_ENDPOINT_URL_S3"] || env["AWS_ENDPOINT_URL"];
  if (endpoint) return new URL(`${endpoint.replace(/\/+$/, "")}/${bucket}/${encodeKey(key)}`);
  // A certificate for *.s3.… does not cover names with dots.
  return bucket.includes(".")
    ? new URL(`https://s3.${region}.amazonaws.com/${bucket}/${encodeKey(key)}`)
    : new URL(`https://${bucket}.s3.${region}.amazonaws.com/${encodeKey(key)}`);
}

async function s3Request(address: string, method: string, env: Environment): Promise<RemoteRequest> {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/i.exec(address) ?? [];
  if (bucket === undefined || key === undefined) throw badAddress(address);
  const region = env["AWS_REGION"] || env["AWS_DEFAULT_REGION"] || "us-east-1";
  const url = objectUrl(bucket, key, region, env);
  const [id, secret, token] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"].map(
    (name) => env[name],
  );
  // Without credentials, only public objects can be read.
  if (!id || !secret) return { url, headers: {}, mayFollow: false };
  const signer = new AwsV4Signer({
    url: url.href,
    method,
    service: "s3",
    region,
    accessKeyId: id,
    secretAccessKey: secret,
    ...(token ? { sessionToken: token } : {}),
  });
  const signed = await signer.sign();
  return { url: signed.url, headers: Object.fromEntries(signed.headers), mayFollow: false };
}

/**
 * What to ask for an address: HTTP and HTTPS with the user and password in it, if any; S3 with the credentials, the region
 * and the endpoint in the environment.
 *
 * @throws  XrayError `download/bad-url`.
 */
export async function requestFor(
  address: string,
  method: "GET" | "HEAD",
  env: Environment = process.env,
): Promise<RemoteRequest> {
  if (/^s3:/i.test(address)) return s3Request(address, method, env);
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw badAddress(address);
  }
  const { username, password } = url;
  url.username = "";
  url.password = "";
  if (username === "") return { url, headers: {}, mayFollow: true };
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString(
    "base64",
  );
  return { url, headers: { authorization: `Basic ${login}` }, mayFollow: true };
}
