/**
 * Draws examples/phantom.png: a made-up frontal chest X-ray for the demo, until phantoms have a command.
 *
 * Nothing of it is a patient. Run by hand: `node scripts/make-example.mjs`.
 */

import sharp from "sharp";

const SIZE = 512;

/** Ribs as stroked arcs, each pair lower and wider, running down and outward. */
function ribs(side) {
  return Array.from({ length: 9 }, (_, i) => {
    const y = 92 + i * 32;
    const reach = 92 + 62 * Math.sin(Math.min(1, (i + 1.5) / 6) * (Math.PI / 2));
    const x = (distance) => 256 + side * distance;
    const posterior = `M${x(18)} ${y} C${x(reach * 0.5)} ${y - 26} ${x(reach)} ${y - 6} ${x(reach + 6)} ${y + 40}`;
    const anterior = `M${x(reach + 6)} ${y + 40} C${x(reach)} ${y + 78} ${x(reach * 0.7)} ${y + 92} ${x(reach * 0.45)} ${y + 96}`;
    return (
      `<path d="${posterior}" stroke-width="11" stroke-opacity="0.20"/>` +
      `<path d="${anterior}" stroke-width="8" stroke-opacity="0.10"/>`
    );
  }).join("");
}

const vertebrae = Array.from(
  { length: 15 },
  (_, i) =>
    `<rect x="${238 - i * 0.2}" y="${22 + i * 30}" width="${36 + i * 0.4}" height="24" rx="6" fill-opacity="0.13"/>`,
).join("");

const svg = `
<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}">
  <defs>
    <filter id="soft"><feGaussianBlur stdDeviation="7"/></filter>
    <filter id="softer"><feGaussianBlur stdDeviation="16"/></filter>
    <filter id="bone"><feGaussianBlur stdDeviation="1.6"/></filter>
    <linearGradient id="body" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#5c5c5c"/><stop offset="0.6" stop-color="#8a8a8a"/><stop offset="1" stop-color="#b4b4b4"/>
    </linearGradient>
  </defs>
  <rect width="100%" height="100%" fill="#070707"/>
  <g filter="url(#soft)">
    <path d="M200 0 C205 60 190 74 120 96 C40 116 22 170 18 250 L14 512 L498 512 L494 250 C490 170 472 116 392 96 C322 74 307 60 312 0 Z" fill="url(#body)"/>
    <path d="M226 62 C170 76 112 170 98 300 C92 372 98 402 118 412 C160 386 214 392 234 414 C240 330 236 200 240 110 C240 80 236 64 226 62 Z" fill="#161616" fill-opacity="0.86"/>
    <path d="M286 62 C342 76 400 170 414 300 C420 380 414 412 396 424 C370 396 340 390 316 404 C286 380 280 240 274 110 C274 80 278 64 286 62 Z" fill="#161616" fill-opacity="0.86"/>
    <path d="M236 170 C222 230 210 300 214 360 C224 398 282 412 340 396 C372 376 364 330 330 290 C300 250 288 200 280 160 Z" fill="#cfcfcf" fill-opacity="0.62"/>
    <path d="M252 0 C250 60 250 100 246 140 L266 140 C262 100 262 60 260 0 Z" fill="#101010" fill-opacity="0.45"/>
  </g>
  <g filter="url(#softer)">
    <path d="M90 404 C140 372 214 378 240 420 L240 512 L80 512 Z" fill="#c4c4c4" fill-opacity="0.7"/>
    <path d="M300 414 C340 390 392 392 420 424 L430 512 L290 512 Z" fill="#b4b4b4" fill-opacity="0.6"/>
    <ellipse cx="206" cy="236" rx="26" ry="48" fill="#9a9a9a" fill-opacity="0.45"/>
    <ellipse cx="306" cy="232" rx="24" ry="44" fill="#9a9a9a" fill-opacity="0.4"/>
    <ellipse cx="372" cy="404" rx="46" ry="42" fill="#d8d8d8" fill-opacity="0.55"/>
  </g>
  <g filter="url(#bone)" fill="none" stroke="#fff" stroke-linecap="round">${ribs(-1)}${ribs(1)}
    <path d="M238 88 C190 92 130 78 74 104" stroke-width="13" stroke-opacity="0.26"/>
    <path d="M274 88 C322 92 382 78 438 104" stroke-width="13" stroke-opacity="0.26"/>
    <path d="M112 120 C96 170 96 220 112 262" stroke-width="16" stroke-opacity="0.10"/>
    <path d="M400 120 C416 170 416 220 400 262" stroke-width="16" stroke-opacity="0.10"/>
  </g>
  <g filter="url(#bone)" fill="#fff">${vertebrae}</g>
</svg>`;

/** Quantum noise from a fixed seed, stronger where fewer photons arrive. */
function addNoise(pixels) {
  let state = 7;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return pixels.map((value) => {
    const gaussian = uniform() + uniform() + uniform() - 1.5;
    return Math.min(255, Math.max(0, Math.round(value + gaussian * (2 + value / 40))));
  });
}

const { data } = await sharp(Buffer.from(svg))
  .removeAlpha()
  .toColourspace("b-w")
  .raw()
  .toBuffer({ resolveWithObject: true });
await sharp(addNoise(data), { raw: { width: SIZE, height: SIZE, channels: 1 } })
  .toColourspace("b-w")
  .png({ compressionLevel: 9 })
  .toFile(new URL("../examples/phantom.png", import.meta.url).pathname);
