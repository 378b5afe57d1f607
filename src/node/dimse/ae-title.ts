/**
 * Titles of application entities.
 *
 * Knows:      text.
 * Reference:  DICOM PS3.5, 6.2 (AE): up to 16 characters of ASCII without backslashes and control characters, not only blanks;
 *             blanks around it do not count.
 */

/** Whether a text is an AE title as it can be compared: without blanks around it. */
export const isAeTitle = (text: string): boolean =>
  /^[\x20-\x5b\x5d-\x7e]{1,16}$/.test(text) && text.trim() === text;
