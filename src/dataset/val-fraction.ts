/** Which shares of patients can be held out for validation. Knows: numbers. */

/** Whether a share is at least 0 and below 1: someone is left to train on. */
export const isValFraction = (fraction: number): boolean => fraction >= 0 && fraction < 1;
