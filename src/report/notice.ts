/** The one line that goes with every result. */

export const NOTICE = "For research and education only. Not a medical device; not for diagnosis.";
