/** Whether text compiles, without writing anything. */

import ts from "typescript-5";
import { HOST, OPTIONS } from "./declarations.ts";

/**
 * Compile a module that stands alone.
 *
 * @returns  What the compiler has against it, a line each; empty where it compiles.
 */
export function faultsOf(text: string): string[] {
  const name = "roll-up.ts";
  const own = ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true);
  const program = ts.createProgram([name], OPTIONS, {
    ...HOST,
    getSourceFile: (file, ...rest) => (file === name ? own : HOST.getSourceFile(file, ...rest)),
    fileExists: (file) => file === name || HOST.fileExists(file),
  });
  const faults = [...program.getSyntacticDiagnostics(own), ...program.getSemanticDiagnostics(own)];
  return faults.map(({ messageText, start = 0 }) => {
    const line = own.getLineAndCharacterOfPosition(start).line + 1;
    return `${line}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}
