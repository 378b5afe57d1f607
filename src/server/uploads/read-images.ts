/**
 * The images of a request: its whole body, or the fields named `image` of a form.
 *
 * Knows: content types and forms. Not what the images show. Reference: RFC 7578.
 */

import { Readable } from "node:stream";
import multipart from "@fastify/multipart";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { quote, XrayError } from "../../errors.ts";
import type { UploadedImage } from "../inference/inference.ts";
import type { Limits } from "../service/settings.ts";
import type { Intake } from "./intake.ts";

/** Types of a body that is one image. What it really is, its bytes say. */
export const IMAGE_TYPES = [
  "image/png",
  "image/jpeg",
  "image/tiff",
  "image/webp",
  "application/dicom",
  "application/octet-stream",
];

/** What curl says of a body that it was given without a type. */
const UNNAMED_TYPE = "application/x-www-form-urlencoded";

const FIELD = "image";

/** Take bodies as they come, so that their bytes are counted while they arrive. */
export async function addImageBodies(app: FastifyInstance, { queue, upload }: Limits): Promise<void> {
  app.removeAllContentTypeParsers();
  await app.register(multipart, {
    throwFileSizeLimit: false,
    limits: {
      fieldNameSize: 100,
      fieldSize: 1000,
      fields: 10,
      fileSize: upload + 1,
      files: queue,
      headerPairs: 50,
    },
    // A client may leave out the name of an image's file.
    isPartAFile: (name, _, fileName) => name === FIELD || fileName !== undefined,
  });
  app.addContentTypeParser([...IMAGE_TYPES, UNNAMED_TYPE], (_, body, done) => done(null, body));
  app.addContentTypeParser("*", ({ headers }, body, done) => {
    const type = headers["content-type"];
    if (type === undefined) return done(null, body);
    const message = `the server does not read ${quote(type)}; send an image, or a form with fields named ${FIELD}`;
    done(new XrayError("server/media-type", message, {}));
  });
}

const noImage = (): XrayError =>
  new XrayError(
    "server/bad-request",
    `the request has no image; send one as its body, or as a form's field ${FIELD}`,
    {},
  );

/** An error of the form's parser, which gives some of its errors neither code nor status. */
function formError(error: unknown): unknown {
  if (error instanceof XrayError || (error as { statusCode?: unknown }).statusCode !== undefined)
    return error;
  return new XrayError(
    "server/bad-request",
    "the form is damaged or ends too soon; send it again",
    {},
    error,
  );
}

async function readForm(request: FastifyRequest, intake: Intake): Promise<UploadedImage[]> {
  const images: UploadedImage[] = [];
  try {
    for await (const part of request.parts()) {
      if (part.fieldname !== FIELD || part.type !== "file") {
        const message = `the form has a field ${quote(part.fieldname)}, but only fields named ${FIELD} are read; put options into the query`;
        throw new XrayError("server/bad-request", message, {});
      }
      images.push({ name: part.filename ?? "", bytes: await intake.read(part.file) });
    }
  } catch (error) {
    throw formError(error);
  }
  return images;
}

/**
 * Read a request's images.
 *
 * @returns  One or more, in the order in which they were sent.
 * @throws   XrayError `server/…`; an error of the form's parser.
 */
export async function readImages(request: FastifyRequest, intake: Intake): Promise<UploadedImage[]> {
  const images = await intake.during(async () => {
    if (request.isMultipart()) return readForm(request, intake);
    if (!(request.body instanceof Readable)) return [];
    const bytes = await intake.read(request.body, Number(request.headers["content-length"] ?? 0));
    return bytes.length === 0 ? [] : [{ name: "", bytes }];
  });
  if (images.length === 0) throw noImage();
  return images;
}
