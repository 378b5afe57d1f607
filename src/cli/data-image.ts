/**
 * `medical-x data image`: saves the picture that preparation starts from.
 *
 * Knows: the command line. The work is done in `app/data/save-picture.ts`.
 */

import { type Command, InvalidArgumentError } from "commander";
import type { PictureOptions } from "../app/data/save-picture.ts";
import { printable } from "../errors.ts";
import { printResult, say } from "./console.ts";
import {
  bitsOption,
  frameOption,
  pageOption,
  pathName,
  requiredPath,
  verboseOption,
  voiOption,
} from "./options.ts";

/** The options as commander gives them. */
interface ImageFlags extends PictureOptions {
  readonly to: string;
  readonly verbose?: boolean;
}

function pngName(text: string): string {
  if (!/\.png$/i.test(text)) throw new InvalidArgumentError("It must end in .png.");
  return pathName(text);
}

async function image(file: string, { to, verbose: _, ...options }: ImageFlags): Promise<void> {
  const { savePicture } = await import("../app/data/save-picture.ts");
  const { width, height, steps, notes } = await savePicture(file, to, options);
  for (const note of notes) say(`medical-x: ${printable(`${file}: ${note}`)}`);
  await printResult(
    `Picture   : ${to}, ${width} × ${height} pixels, 8-bit grey\nSteps     : ${steps.join(", ")}\n`,
  );
}

/** Add the command to its group. */
export function addDataImage(data: Command): void {
  data
    .command("image")
    .description("save the 8-bit grey picture that an X-ray is prepared from, at its own size")
    .argument("<file>", "X-ray to read (DICOM, PNG, JPEG, TIFF or WebP)", pathName)
    .addOption(requiredPath("--to <file.png>", "PNG file to write").argParser(pngName))
    .addOption(voiOption())
    .addOption(frameOption())
    .addOption(pageOption())
    .addOption(bitsOption())
    .addOption(verboseOption())
    .action(image);
}
