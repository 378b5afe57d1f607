/**
 * What the API's document says beside its routes, which say the rest by their schemas.
 *
 * Knows: OpenAPI 3.1.
 */

import { NOTICE } from "../../models/notice.ts";
import { VERSION } from "../../version.ts";

/**
 * The document without its paths.
 *
 * @param basePath  Begins and ends with a slash.
 * @param hasToken  Whether requests need a token.
 */
export function openApiOf(basePath: string, hasToken: boolean) {
  return {
    openapi: "3.1.0",
    info: {
      title: "Medical-X",
      version: VERSION,
      summary: "Predicts 14 thoracic findings in frontal chest X-rays and shows where the model looked.",
      description: NOTICE,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: basePath.slice(0, -1) || "/" }],
    ...(hasToken && {
      components: { securitySchemes: { token: { type: "http" as const, scheme: "bearer" } } },
      security: [{ token: [] }],
    }),
  };
}
