/**
 * The OHIF viewer's published build, served on loopback in front of an archive.
 *
 * The build is the npm package `@ohif/app`, whose `dist/` is static. It is fetched once into `build/`, checked by the hash
 * that the registry published, and is no dependency of this project.
 */

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { type Dispatcher, request } from "undici";

const PACKAGE = "@ohif/app@3.13.2";
/** `npm view @ohif/app@3.13.2 dist.integrity`. */
const INTEGRITY =
  "sha512-WZdxmpmG7rqFgW9ZJLcbgr3XCtLi1KDNPoMaeY5PPe6j4G4fjEjjkycZM6C6Zk2F87BKxFfpq+jd5xXZB9E8EA==";
const BUILD = fileURLToPath(new URL("../../../build/", import.meta.url));

/**
 * The folder of the viewer's build, which is fetched if it is not there.
 *
 * @throws  Error if it cannot be fetched, or is not what was published.
 */
export function ohifBuild(): string {
  const kept = join(BUILD, `ohif-${PACKAGE.split("@").at(-1)}`);
  if (!existsSync(kept)) {
    mkdirSync(BUILD, { recursive: true });
    const aside = mkdtempSync(join(BUILD, "ohif-"));
    try {
      const here = { cwd: aside, encoding: "utf8", stdio: "pipe" } as const;
      const tarball = execFileSync("npm", ["pack", "--silent", PACKAGE], here).trim();
      const hash = createHash("sha512")
        .update(readFileSync(join(aside, tarball)))
        .digest("base64");
      if (`sha512-${hash}` !== INTEGRITY)
        throw new Error(`${PACKAGE} is not what was published: sha512-${hash}`);
      execFileSync("tar", ["-xzf", tarball, "package/dist"], here);
      renameSync(join(aside, "package", "dist"), kept);
    } finally {
      rmSync(aside, { recursive: true, force: true });
    }
  }
  return kept;
}

/** OHIF's configuration: one archive, which is on the same origin, and nothing that asks or teaches. */
const CONFIGURATION = {
  routerBasename: "/",
  extensions: [],
  modes: [],
  customizationService: {},
  showStudyList: true,
  showWarningMessageForCrossOrigin: false,
  showCPUFallbackMessage: false,
  showErrorDetails: "always",
  investigationalUseDialog: { option: "never" },
  maxNumberOfWebWorkers: 1,
  defaultDataSourceName: "archive",
  dataSources: [
    {
      namespace: "@ohif/extension-default.dataSourcesModule.dicomweb",
      sourceName: "archive",
      configuration: {
        friendlyName: "The archive of the test",
        name: "archive",
        qidoRoot: "/dicom-web",
        wadoRoot: "/dicom-web",
        wadoUriRoot: "/wado",
        qidoSupportsIncludeField: false,
        supportsReject: false,
        supportsFuzzyMatching: false,
        supportsWildcard: true,
        imageRendering: "wadors",
        thumbnailRendering: "wadors",
        enableStudyLazyLoad: true,
        omitQuotationForMultipartRequest: true,
        dicomUploadEnabled: false,
        bulkDataURI: { enabled: true },
      },
    },
  ],
};

/** Serves the viewer, and passes requests for images on to the archive. */
export class Ohif {
  readonly #app: FastifyInstance;

  private constructor(app: FastifyInstance) {
    this.#app = app;
  }

  /**
   * @param build    What `ohifBuild` returns.
   * @param archive  Such as `http://127.0.0.1:8042`, with `/dicom-web` below it.
   */
  static async start(build: string, archive: string): Promise<Ohif> {
    const app = fastify({ forceCloseConnections: true });
    const passOn = async (asked: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const accept = asked.headers.accept ?? "*/*";
      const method = asked.method as Dispatcher.HttpMethod;
      const answer = await request(archive + asked.url, { method, headers: { accept } });
      const type = answer.headers["content-type"] ?? "application/octet-stream";
      return await reply.code(answer.statusCode).header("content-type", type).send(answer.body);
    };
    app.get("/dicom-web/*", passOn);
    app.get("/wado", passOn);
    app.get("/app-config.js", async (_, reply) =>
      reply.type("text/javascript").send(`window.config = ${JSON.stringify(CONFIGURATION)};`),
    );
    await app.register(fastifyStatic, { root: build, globIgnore: ["app-config.js"], wildcard: true });
    // Its pages are all one, whose script looks at the address.
    app.setNotFoundHandler((asked, reply) =>
      /\.\w+$/.test(asked.url.split("?")[0] ?? "") ? reply.code(404).send() : reply.sendFile("index.html"),
    );
    await app.listen({ host: "127.0.0.1", port: 0 });
    return new Ohif(app);
  }

  /** The address of a study in the viewer. */
  study(studyInstanceUid: string): string {
    return `${this.#app.listeningOrigin}/viewer?StudyInstanceUIDs=${studyInstanceUid}`;
  }

  async stop(): Promise<void> {
    await this.#app.close();
  }
}
