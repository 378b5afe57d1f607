/**
 * The page's first script: it defines the elements of which `index.html` uses one.
 *
 * Knows: which elements there are.
 */

import "./elements/app.ts";
