/**
 * libvips as WebAssembly: image files to samples. The only import of wasm-vips.
 *
 * Pipeline:   bytes → **samples** → `engine/decode/` → 8 bits → colour → resize → crop → normalise
 * Knows:      wasm-vips. Not what is decoded or why, which `engine/decode/` decides.
 *
 * Each step corresponds to one that sharp takes for `node/raster.ts`, so that the samples are the same. All work is
 * synchronous on the calling thread, so libvips' messages about two pictures never mix.
 */

import type Vips from "wasm-vips";
import { pictureDecoder } from "../engine/decode/decode-picture.ts";
import type { PictureHeader, PictureLibrary, SampleForm, Samples } from "../engine/decode/picture-library.ts";
import type { Decoder } from "../engine/ports.ts";
import { XrayError } from "../errors.ts";

type Image = Vips.Image;

/** libvips' names of the colour spaces in which samples are returned. */
const SPACES: Readonly<Record<SampleForm, string>> = {
  grey8: "b-w",
  rgb8: "srgb",
  grey16: "grey16",
  rgb16: "rgb16",
  cmyk8: "cmyk",
};

/** Lines of libvips that name only the function that failed. */
const CALLER = /^unable to .*\n/;
const UNKNOWN_FORMAT = /is not in a known format/;

/** libvips' words in an error of wasm-vips: a C++ exception whose message is a pair of type and text. */
function wordsOf(error: unknown): string {
  const message: unknown = error instanceof Error || isException(error) ? error.message : error;
  const text = Array.isArray(message) ? String(message.at(-1)) : String(message);
  return text.replace(CALLER, "").trim();
}

const isException = (error: unknown): error is { message: unknown } =>
  typeof error === "object" && error !== null && "message" in error;

/** What GLib prints in front of a warning, and the colours that it uses. */
const BEFORE_WARNING = /^.*-WARNING \*\*: [\d:.]+: /;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const COLOURS = /\u001b\[[\d;]*m/g;

/**
 * Collects the warnings that libvips prints. If a warning is treated as an error, it may be the only hint at the cause.
 */
class Warnings {
  #lines: string[] = [];

  readonly add = (line: string): void => {
    const plain = line.replace(COLOURS, "");
    if (BEFORE_WARNING.test(plain)) this.#lines.push(plain.replace(BEFORE_WARNING, ""));
  };

  clear(): void {
    this.#lines = [];
  }

  /** In sharp's words. */
  words(): string {
    return ["Warning treated as error due to failOn setting", ...this.#lines].join("\n");
  }
}

/** Holds the images of one piece of work, which the garbage collector does not free. */
class Images {
  readonly #all: Image[] = [];

  keep(image: Image): Image {
    this.#all.push(image);
    return image;
  }

  free(): void {
    for (const image of this.#all) image.delete();
  }
}

/** A binding to an instance of wasm-vips. `warnings` collects its warnings. */
function libraryOf(vips: typeof Vips, warnings: Warnings): PictureLibrary {
  /** Do work with images and free them. A failure is thrown as an error with libvips' words. */
  const withImages = <T>(work: (images: Images) => T): T => {
    const images = new Images();
    warnings.clear();
    try {
      return work(images);
    } catch (error) {
      throw new Error(wordsOf(error) || warnings.words(), { cause: error });
    } finally {
      images.free();
    }
  };

  const open = (bytes: Uint8Array, failOn: string, isTurned = false): Image => {
    try {
      return vips.Image.newFromBuffer(bytes, "", {
        access: isTurned ? "random" : "sequential",
        fail_on: failOn,
      });
    } catch (error) {
      const words = wordsOf(error);
      const isUnknown = UNKNOWN_FORMAT.test(words);
      // In sharp's words.
      const message = isUnknown
        ? "Input buffer contains unsupported image format"
        : `Input buffer has corrupt header: ${words}`;
      throw new Error(message, { cause: error });
    }
  };

  const intOf = (image: Image, field: string): number | undefined =>
    image.getTypeof(field) === 0 ? undefined : image.getInt(field);

  const describe = (image: Image): PictureHeader => ({
    width: image.width,
    height: image.height,
    channels: image.bands,
    depth: String(image.format),
    space: String(image.interpretation),
    orientation: intOf(image, "orientation") ?? 1,
    hasAlpha: image.hasAlpha(),
    bits: intOf(image, "bits-per-sample"),
    isPalette: (intOf(image, "palette") ?? 0) !== 0,
  });

  const withoutAlpha = (image: Image, images: Images): Image => {
    let opaque = image;
    while (opaque.bands > 1 && opaque.hasAlpha()) {
      opaque = images.keep(opaque.extractBand(0, { n: opaque.bands - 1 }));
    }
    return opaque;
  };

  const into = (space: string, image: Image, images: Images): Image =>
    images.keep(image.colourspace(space, { source_space: image.interpretation }));

  const rawSamples = (image: Image, format: "uchar" | "ushort", images: Images): Samples => {
    const raw = images.keep(image.cast(format));
    const { width, height, bands: channels } = raw;
    return { width, height, channels, data: raw.writeToMemory() as Uint8Array | Uint16Array };
  };

  return {
    header: async (bytes) => withImages((images) => describe(images.keep(open(bytes, "none")))),
    samples: async (bytes, form, { orientation }) =>
      withImages((images) => {
        const isTurned = orientation !== 1;
        const stored = images.keep(open(bytes, "warning", isTurned));
        const upright = isTurned ? images.keep(stored.autorot()) : stored;
        const image = into(SPACES[form], withoutAlpha(upright, images), images);
        const grey = form.startsWith("grey") ? images.keep(image.extractBand(0)) : image;
        return rawSamples(grey, form.endsWith("16") ? "ushort" : "uchar", images);
      }),
    shrink: async (bytes, size) =>
      withImages((images) => {
        const stored = images.keep(open(bytes, "error"));
        const { format } = stored;
        const hasAlpha = stored.hasAlpha();
        const weighted = hasAlpha ? images.keep(images.keep(stored.premultiply()).cast(format)) : stored;
        const small = images.keep(
          weighted.resize(size / stored.width, { vscale: size / stored.height, kernel: "lanczos3" }),
        );
        const plain = hasAlpha ? images.keep(images.keep(small.unpremultiply()).cast(format)) : small;
        const grey = into("grey16", withoutAlpha(plain, images), images);
        return rawSamples(grey, "ushort", images).data as Uint16Array;
      }),
    amongOthers: (work) => work(),
    alone: (work) => work(),
  };
}

async function startVips(locate: ((file: string) => string) | undefined, warnings: Warnings) {
  try {
    const { default: start } = await import("wasm-vips");
    return await start({
      // Leave out the libraries for HEIF, JPEG XL and SVG.
      dynamicLibraries: [],
      printErr: warnings.add,
      ...(locate === undefined ? {} : { locateFile: locate }),
    });
  } catch (error) {
    const message =
      `the image decoder could not start: ${wordsOf(error)}; serve its files vips-es6.js and vips.wasm beside the ` +
      "others, and the worker with a policy that allows 'unsafe-eval'";
    throw new XrayError("browser/no-decoder", message, {}, error);
  }
}

/**
 * Start libvips and make a decoder with it. Once per thread, since it takes about 100 MB and threads of its own.
 *
 * @param locate  Returns the location of a file of wasm-vips (`vips.wasm`); beside its script by default.
 * @throws        XrayError `browser/no-decoder`.
 */
export async function openPictureDecoder(locate?: (file: string) => string): Promise<Decoder> {
  const warnings = new Warnings();
  const vips = await startVips(locate, warnings);
  // One image is one task.
  vips.concurrency(1);
  vips.Cache.max(0);
  return pictureDecoder(libraryOf(vips, warnings));
}
