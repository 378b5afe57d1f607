/** The integer formula from which scripts/reference/image.py makes its inputs. */

export type Pattern = "noise" | "edges" | "dark" | "bright" | "white";

const SHADES: { readonly [P in Pattern]: (noise: number) => number } = {
  noise: (noise) => noise,
  edges: (noise) => (noise & 1) * 255,
  dark: (noise) => noise % 97,
  bright: (noise) => 160 + (noise % 89),
  white: () => 255,
};

/** `count` bytes from a hash of their index. */
export function pattern(kind: Pattern, seed: number, count: number): Uint8Array {
  const shade = SHADES[kind];
  return Uint8Array.from({ length: count }, (_, i) => {
    let x = Math.imul(i + seed * 7919, 2654435761);
    x ^= x >>> 15;
    x = Math.imul(x, 2246822519);
    x ^= x >>> 13;
    return shade(x & 255);
  });
}
