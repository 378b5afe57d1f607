/** Small valid images, to be damaged. libvips makes them from the same few pixels. */

import sharp from "sharp";

const WIDTH = 12;
const HEIGHT = 9;

/** A gradient with some noise in it, so that no decoder can skip anything. */
function pixels(channels: number): Uint8Array {
  return Uint8Array.from({ length: WIDTH * HEIGHT * channels }, (_, i) => (i * 37 + ((i * i) % 101)) & 0xff);
}

const grey = () =>
  sharp(pixels(1), { raw: { width: WIDTH, height: HEIGHT, channels: 1 } }).toColourspace("b-w");
const rgb = () => sharp(pixels(3), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
const rgba = () => sharp(pixels(4), { raw: { width: WIDTH, height: HEIGHT, channels: 4 } });

const MAKERS = {
  "png grey": () => grey().png(),
  "png rgb": () => rgb().png(),
  "png rgba": () => rgba().png(),
  "png palette": () => rgb().png({ palette: true }),
  "png interlaced": () => rgb().png({ progressive: true }),
  "png 16-bit": () => grey().toColourspace("grey16").png(),
  "jpeg grey": () => grey().jpeg(),
  "jpeg rgb": () => rgb().jpeg(),
  "jpeg progressive": () => rgb().jpeg({ progressive: true }),
  "jpeg cmyk": () => rgb().toColourspace("cmyk").jpeg(),
  "jpeg turned": () => rgb().withMetadata({ orientation: 6 }).jpeg(),
  "tiff plain": () => grey().tiff({ compression: "none" }),
  "tiff lzw": () => rgb().tiff({ compression: "lzw", predictor: "horizontal" }),
  "tiff deflate": () => rgb().tiff({ compression: "deflate" }),
  "tiff jpeg": () => rgb().tiff({ compression: "jpeg" }),
  "tiff tiled": () => rgb().tiff({ compression: "deflate", tile: true, tileWidth: 16, tileHeight: 16 }),
  "webp lossy": () => rgb().webp(),
  "webp lossless": () => rgba().webp({ lossless: true }),
} as const;

export type ImageName = keyof typeof MAKERS;
export const IMAGE_NAMES = Object.keys(MAKERS) as ImageName[];

/** The file of one small image. */
export async function smallImage(name: ImageName): Promise<Uint8Array> {
  return new Uint8Array(await MAKERS[name]().toBuffer());
}
