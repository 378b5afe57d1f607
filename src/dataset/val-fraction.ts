/**
 * Which fractions of patients can be held out for validation.
 *
 * Knows: numbers.
 */

/** Whether a fraction is at least 0 and below 1, so that patients are left to train on. */
export const isValFraction = (fraction: number): boolean => fraction >= 0 && fraction < 1;
