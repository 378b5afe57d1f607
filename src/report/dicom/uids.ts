/**
 * UIDs that follow from what they name, so that the same call makes the same ones and a resend is harmless.
 *
 * Knows:      texts.
 * Reference:  DICOM PS3.5, B.2 (UUID derived UID); RFC 9562, 5.8 (version 8: the bits are SHA-256's).
 */

/** Parts are kept apart by their lengths in JSON, so that no two lists of parts read the same. */
async function digest(parts: readonly string[]): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(JSON.stringify(["medical-x", ...parts]));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).subarray(0, 16);
}

/** The UID `2.25.…` of these parts, at most 44 characters long. */
export async function uidOf(...parts: readonly string[]): Promise<string> {
  const bytes = await digest(parts);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `2.25.${BigInt(`0x${hex}`)}`;
}
