/**
 * What is agreed to when a peer asks for an association: who may call whom, with which objects in which encodings.
 *
 * Objects are taken in the encoding in which the peer has them. Deflated ones are not, because dcmjs-dimse cannot read them.
 *
 * Knows:      AE titles, SOP classes and transfer syntaxes.
 * Reference:  DICOM PS3.8, 7.1.1 and 9.3.
 */

import { IMPLICIT_LITTLE_ENDIAN, transferSyntaxOf } from "../../formats/dicom/transfer-syntax.ts";
import { type Association, CONTEXT, type PresentationContext } from "./library.ts";

export const VERIFICATION = "1.2.840.10008.1.1";

/** All storage classes of the standard begin with it. */
const STORAGE = "1.2.840.10008.5.1.4.1.1.";

/** Why an association is rejected: result, source and reason of PS3.8, table 9-21. */
export type Rejection = readonly [result: number, source: number, reason: number];

export const REJECTED = {
  callingAet: [1, 1, 3],
  calledAet: [1, 1, 7],
  tooMany: [2, 3, 2],
} as const satisfies Record<string, Rejection>;

/** For which reason. */
export type RejectionName = keyof typeof REJECTED;

/** Who may call. */
export interface Doorkeeping {
  /** Our own AE title. */
  readonly aet: string;
  /** The AE titles that may call us; any may if there are none. */
  readonly allowed: readonly string[];
}

/** Why an association with these AE titles is rejected; undefined if it is not. */
export function rejectionNameOf(
  association: Pick<Association, "getCalledAeTitle" | "getCallingAeTitle">,
  { aet, allowed }: Doorkeeping,
): RejectionName | undefined {
  if (association.getCalledAeTitle() !== aet) return "calledAet";
  if (allowed.length > 0 && !allowed.includes(association.getCallingAeTitle())) return "callingAet";
  return undefined;
}

/** Whether objects are taken in an encoding: all that our decoders know, except deflated ones. */
function isTaken(transferSyntaxUid: string): boolean {
  const { isDeflated, codec } = transferSyntaxOf(transferSyntaxUid);
  return !isDeflated && codec !== "other";
}

/**
 * How much an encoding is wanted, 0 most. Implicit little endian loses the types of private attributes, and a peer that can
 * compress with losses may do so to what it has without.
 */
function rankOf(transferSyntaxUid: string): number {
  if (transferSyntaxOf(transferSyntaxUid).isLossy) return 2;
  return transferSyntaxUid === IMPLICIT_LITTLE_ENDIAN ? 1 : 0;
}

/** The encoding that a peer is told to use: the first that it offers, of those that are wanted most. */
function chosenSyntax(offered: readonly string[]): string | undefined {
  const [first] = offered.filter(isTaken).sort((a, b) => rankOf(a) - rankOf(b));
  return first;
}

function settle(context: PresentationContext): void {
  const abstract = context.getAbstractSyntaxUid();
  const offered = context.getTransferSyntaxUids();
  // A role is only answered if it was asked for; images are never asked for here.
  if (context.getProviderRole() !== undefined) context.setProviderRole(false);
  if (abstract !== VERIFICATION && !abstract.startsWith(STORAGE)) {
    context.setResult(CONTEXT.noAbstractSyntax);
    return;
  }
  const syntax = chosenSyntax(offered);
  if (syntax === undefined) context.setResult(CONTEXT.noTransferSyntax);
  else context.setResult(CONTEXT.accepted, syntax);
}

/** Accept each of the presentation contexts, or say why not. */
export function settleContexts(association: Association): void {
  for (const { context } of association.getPresentationContexts()) settle(context);
}
