/**
 * The radiographic sign of each finding, one row each.
 *
 * Knows:      the findings' names.
 * Reference:  Hansell et al., Fleischner Society glossary, Radiology 2008.
 */

import { atelectasis } from "./atelectasis.ts";
import { cardiomegaly } from "./cardiomegaly.ts";
import { consolidation } from "./consolidation.ts";
import { edema } from "./edema.ts";
import { effusion } from "./effusion.ts";
import { emphysema } from "./emphysema.ts";
import { fibrosis } from "./fibrosis.ts";
import { hernia } from "./hernia.ts";
import { infiltration } from "./infiltration.ts";
import { pleuralThickening } from "./pleural-thickening.ts";
import { pneumonia } from "./pneumonia.ts";
import { pneumothorax } from "./pneumothorax.ts";
import type { Sign } from "./sign.ts";
import { mass, nodule } from "./tumours.ts";

/**
 * By the finding's name, in the order in which they are painted. Fluid comes last, because it hides what is behind it.
 */
export const SIGNS: ReadonlyMap<string, Sign> = new Map([
  ["Emphysema", emphysema],
  ["Fibrosis", fibrosis],
  ["Cardiomegaly", cardiomegaly],
  ["Edema", edema],
  ["Infiltration", infiltration],
  ["Pneumonia", pneumonia],
  ["Consolidation", consolidation],
  ["Atelectasis", atelectasis],
  ["Nodule", nodule],
  ["Mass", mass],
  ["Hernia", hernia],
  ["Pneumothorax", pneumothorax],
  ["Pleural_Thickening", pleuralThickening],
  ["Effusion", effusion],
]);
