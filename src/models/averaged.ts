/**
 * Names of averaged weights: exponential moving averages (EMA), stochastic weight averages (SWA), teachers.
 *
 * Knows: how trainers call them. Reference: timm `ModelEma` (`state_dict_ema`), torch.optim.swa_utils `AveragedModel`.
 */

const AVERAGED = /^(?:ema|swa|averaged?|polyak|shadow|teacher)$/i;

/** Whether a key, an attribute or a class says that what it holds is averaged: `state_dict_ema`, `ema_model`, `ModelEmaV2`. */
export const isAveragedKey = (key: string): boolean =>
  key
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .split(/[^a-zA-Z]+/)
    .some((part) => AVERAGED.test(part));
