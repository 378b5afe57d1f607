/**
 * Items that all forms of the report have: its language, its observer and its procedure, and by which algorithm a number
 * came about.
 *
 * Knows:      devices.
 * Reference:  DICOM PS3.16, TID 1204, 1001, 1004, 4019.
 */

import { OWN_MODEL_NAME } from "../../formats/dicom/own-result.ts";
import { VERSION } from "../../version.ts";
import type { DataSet } from "./attributes.ts";
import { CODES } from "./codes.ts";
import { code, text, uidReference } from "./content-items.ts";
import { type Device, MAKER } from "./equipment.ts";

/** At the head of every tree. */
export const contextItems = (device: Device): readonly DataSet[] => [
  code("HAS CONCEPT MOD", CODES.language, CODES.english),
  code("HAS OBS CONTEXT", CODES.observerType, CODES.device),
  uidReference("HAS OBS CONTEXT", CODES.deviceUid, device.uid),
  text("HAS OBS CONTEXT", CODES.deviceName, OWN_MODEL_NAME),
  text("HAS OBS CONTEXT", CODES.deviceManufacturer, MAKER),
  text("HAS OBS CONTEXT", CODES.deviceModel, `${OWN_MODEL_NAME} ${VERSION}`),
  code("HAS CONCEPT MOD", CODES.procedure, CODES.chestXray),
];

/** Below a finding, where viewers that show everything in one list do not show them. */
export const algorithmItems = (
  device: Device,
  relationship: "HAS PROPERTIES" | "HAS CONCEPT MOD" = "HAS PROPERTIES",
): readonly DataSet[] => [
  text(relationship, CODES.algorithmName, device.modelName),
  text(relationship, CODES.algorithmVersion, VERSION),
  text(relationship, CODES.algorithmManufacturer, MAKER),
  text(relationship, CODES.algorithmParameters, device.modelHash),
];
