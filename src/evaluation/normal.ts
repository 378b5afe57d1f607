/**
 * The standard normal distribution: its distribution function and its quantiles, to about 15 digits.
 *
 * Small tails keep their digits: an upper tail is asked for as the lower tail of −x, never as 1 − normalCdf(x).
 *
 * Knows:      numbers.
 * Reference:  Cody, Rational Chebyshev approximations for the error function, Math. Comp. 23, 1969, and Algorithm 715,
 *             1993 (as in R's pnorm); Wichura, Algorithm AS 241: The percentage points of the normal distribution,
 *             Applied Statistics 37, 1988 (PPND16).
 */

/** A polynomial's coefficients, the highest power first. */
type Polynomial = readonly number[];

/** One polynomial over another, at x. */
function ratio(x: number, over: Polynomial, under: Polynomial): number {
  const at = (coefficients: Polynomial) =>
    coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
  return at(over) / at(under);
}

/** Of Φ(x) − ½, over x, in x²: |x| up to CENTRE. */
const CENTRE = 0.67448975;
const CENTRE_OVER = [
  0.06568233791820745, 2.2352520354606837, 161.02823106855587, 1067.6894854603709, 18154.98125334356,
];
const CENTRE_UNDER = [1, 47.202581904688245, 976.0985517377767, 10260.932208618979, 45507.78933502673];

/** Of the tail over e^(−x²/2), in |x|: up to SHOULDER. */
const SHOULDER = Math.sqrt(32);
const SHOULDER_OVER = [
  1.0765576773720192e-8, 0.39894151208813466, 8.883149794388377, 93.50665613217785, 597.2702763948002,
  2494.5375852903726, 6848.190450536283, 11602.65143764735, 9842.714838383978,
];
const SHOULDER_UNDER = [
  1, 22.266688044328117, 235.387901782625, 1519.3775994075547, 6485.558298266761, 18615.571640885097,
  34900.95272114598, 38912.00328609327, 19685.42967685999,
];

/** Of the tail over e^(−x²/2), in 1 / x²: beyond. */
const TAIL_OVER = [
  0.023073441764940174, 0.215898534057957, 0.12740116116024736, 0.022235277870649807, 0.0014216191932278934,
  0.000029112874951168793,
];
const TAIL_UNDER = [
  1, 1.284260096144911, 0.4682382124808651, 0.06598813786892856, 0.0037823963320275824,
  0.00007297515550839662,
];

/** The chance of less than −x; x over CENTRE. */
function lowerTail(x: number): number {
  // x² is split so that e^(−x²/2) does not magnify its rounding.
  const coarse = Math.trunc(x * 16) / 16;
  const density = Math.exp((-coarse * coarse) / 2) * Math.exp((-(x - coarse) * (x + coarse)) / 2);
  if (x <= SHOULDER) return density * ratio(x, SHOULDER_OVER, SHOULDER_UNDER);
  const inverse = 1 / (x * x);
  return (density * (1 / Math.sqrt(2 * Math.PI) - inverse * ratio(inverse, TAIL_OVER, TAIL_UNDER))) / x;
}

/**
 * Φ: the chance that a standard normal number is at most x.
 *
 * @param x   Any number; ±∞ are numbers.
 * @returns   0 to 1, with a relative error of some 1e-15 in the lower tail; 0 below about −38; NaN of NaN.
 */
export function normalCdf(x: number): number {
  if (Math.abs(x) <= CENTRE) return 0.5 + x * ratio(x * x, CENTRE_OVER, CENTRE_UNDER);
  if (Number.isNaN(x)) return x;
  // Beyond, e^(−x²/2) is no number any more, and x² may be none.
  const tail = Math.abs(x) > 50 ? 0 : lowerTail(Math.abs(x));
  return x < 0 ? tail : 1 - tail;
}

/** Of the quantile over q = p − ½, in 0.425² − q². */
const NEAR_OVER = [
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
  1971.5909503065513, 133.14166789178438, 3.3871328727963665,
];
const NEAR_UNDER = [
  5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
  687.1870074920579, 42.31333070160091, 1,
];

/** In r − 1.6, r = √(−ln p) of the smaller tail p; r up to 5. */
const FAR_OVER = [
  0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
  5.769497221460691, 4.630337846156546, 1.4234371107496835,
];
const FAR_UNDER = [
  1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
  1.6763848301838038, 2.053191626637759, 1,
];

/** In r − 5: beyond. */
const FARTHEST_OVER = [
  2.0103343992922881e-7, 0.000027115555687434876, 0.0012426609473880784, 0.026532189526576124,
  0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
];
const FARTHEST_UNDER = [
  2.0442631033899397e-15, 1.421511758316446e-7, 0.000018463183175100548, 0.0007868691311456133,
  0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1,
];

/**
 * Φ⁻¹: the number that a standard normal one stays below with this probability.
 *
 * @param probability  0 to 1.
 * @returns            −∞ at 0, +∞ at 1, NaN outside.
 */
export function normalQuantile(probability: number): number {
  const q = probability - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(0.180625 - q * q, NEAR_OVER, NEAR_UNDER);
  const tail = q < 0 ? probability : 1 - probability;
  if (!(tail > 0)) return tail === 0 ? q * Number.POSITIVE_INFINITY : Number.NaN;
  const r = Math.sqrt(-Math.log(tail));
  const distance = r <= 5 ? ratio(r - 1.6, FAR_OVER, FAR_UNDER) : ratio(r - 5, FARTHEST_OVER, FARTHEST_UNDER);
  return q < 0 ? -distance : distance;
}
