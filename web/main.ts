/**
 * The page's first script: it defines the elements of which `index.html` uses one.
 *
 * Knows: which elements there are.
 */

import "./viewer/viewer.ts";
import "./viewer/view-tools.ts";
import "./elements/ask.ts";
import "./elements/checks.ts";
import "./elements/erase-answer.ts";
import "./elements/findings.ts";
import "./elements/image.ts";
import "./elements/images.ts";
import "./elements/map-note.ts";
import "./elements/open-menu.ts";
import "./elements/point-answer.ts";
import "./elements/problems.ts";
import "./elements/read-answer.ts";
import "./elements/report.ts";
import "./elements/save-menu.ts";
import "./elements/seen.ts";
import "./elements/settings.ts";
import "./elements/stage.ts";
import "./elements/status.ts";
import "./elements/threshold-answer.ts";
import "./elements/welcome.ts";
import "./elements/app.ts";
