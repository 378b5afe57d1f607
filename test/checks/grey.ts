/** Grey pictures turned, mirrored and inverted, pixel by pixel. */

export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array;
}

export const invertedGrey = (picture: Grey): Grey => ({
  ...picture,
  grey: picture.grey.map((value) => 255 - value),
});

export function mirrored({ width, height, grey }: Grey): Grey {
  const out = new Uint8Array(grey.length);
  for (let i = 0; i < grey.length; i++) {
    const x = i % width;
    out[i - x + width - 1 - x] = grey[i]!;
  }
  return { width, height, grey: out };
}

/** Turned clockwise by so many quarter turns. */
export function turned(picture: Grey, turns: number): Grey {
  if (turns === 0) return picture;
  const { width, height, grey } = picture;
  const out = new Uint8Array(grey.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) out[x * height + (height - 1 - y)] = grey[y * width + x]!;
  }
  return turned({ width: height, height: width, grey: out }, turns - 1);
}
