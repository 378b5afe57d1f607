/** The package's version; test/cli holds it equal to package.json's. */
export const VERSION = "0.1.0";
