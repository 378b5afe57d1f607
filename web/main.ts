/**
 * The page's first script: it defines the elements of which `index.html` uses one.
 *
 * Knows: which elements there are.
 */

import "./viewer/viewer.ts";
import "./elements/checks.ts";
import "./elements/findings.ts";
import "./elements/problems.ts";
import "./elements/stage.ts";
import "./elements/status.ts";
import "./elements/welcome.ts";
import "./elements/app.ts";
