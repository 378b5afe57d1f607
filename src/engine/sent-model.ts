/**
 * A model on its way to another thread.
 *
 * Knows: what of a model cannot be sent, and where it is found again.
 */

import type { Codes } from "../models/codes.ts";
import type { DenseNetModel, NamedModel, NetworkModel } from "./read-model.ts";

/** A model without its functions, which cannot be sent, and without its hash, which is not needed there. */
export type SentModel =
  | (Omit<DenseNetModel, "sha256" | "codes"> & { readonly codes?: Omit<Codes, "write"> })
  | Omit<NetworkModel, "sha256" | "codes">;

/** Take out what cannot be sent. */
export function sentModel({ sha256: _, codes, ...model }: NamedModel): SentModel {
  if (model.kind === "network" || codes === undefined) return model;
  const { write: __, ...rest } = codes;
  return { ...model, codes: rest };
}

/** Put it in again, on the other thread. The hash is empty. */
export async function receivedModel(sent: SentModel): Promise<NamedModel> {
  const sha256 = async () => "";
  if (sent.kind === "network") return { ...sent, sha256 };
  const { codes, ...model } = sent;
  if (codes === undefined) return { ...model, sha256 };
  const { int8DenseNet } = await import("../models/quantise/int8-densenet.ts");
  return { ...model, codes: { ...codes, write: int8DenseNet }, sha256 };
}
