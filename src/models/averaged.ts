/**
 * Names of averaged weights: exponential moving averages (EMA), stochastic weight averages (SWA), teachers.
 *
 * Knows:      what training code calls them.
 * Reference:  timm `ModelEma` (`state_dict_ema`), torch.optim.swa_utils `AveragedModel`, torch_ema (`shadow_params`),
 *             MoCo (`encoder_k`), Mean Teacher.
 */

/** Words that mean averaged weights wherever they occur. */
const AVERAGED = /^(?:ema|swa|averaged|polyak|shadow)$/i;
/** Words that mean averaged weights only together with those below. */
const PERHAPS = /^(?:avg|average|teacher|momentum|target)$/i;
const WEIGHTS = /^(?:model|models|net|network|encoder|backbone|weights|params|parameters|state|dict)$/i;

/** Answers by key. A network has thousands of names, but they consist of a few dozen different parts. */
const KNOWN = new Map<string, boolean>();
const MOST_KNOWN = 1_000;

/** Whether the name of a key, an attribute or a class means averaged weights: `state_dict_ema`, `ModelEmaV2`. */
export function isAveragedKey(key: string): boolean {
  const known = KNOWN.get(key);
  if (known !== undefined) return known;
  const isAveraged = saysAveraged(key);
  if (KNOWN.size < MOST_KNOWN) KNOWN.set(key, isAveraged);
  return isAveraged;
}

function saysAveraged(key: string): boolean {
  const words = key.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").split(/[^a-zA-Z]+/);
  if (words.some((word) => AVERAGED.test(word))) return true;
  if (/^teacher$|^encoder_k$/i.test(key)) return true;
  const others = words.filter((word) => word !== "" && !PERHAPS.test(word));
  return others.length < words.length && others.length > 0 && others.every((word) => WEIGHTS.test(word));
}
