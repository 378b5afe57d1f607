/**
 * Orthanc on loopback, for as long as a test needs it: free ports, a database in a temporary folder, DICOMweb.
 *
 *     const orthanc = await Orthanc.start();              // or with { stableAge, user, more }
 *     await orthanc.store(readFileSync("a.dcm"));
 *     await orthanc.kill(); await orthanc.resume();       // SIGKILL, and again on the same database and ports
 *     await orthanc.instances();                          // what is in it
 *     await orthanc.stop();                               // and its folder is removed
 *
 * Knows:  Debian's packages orthanc and orthanc-dicomweb. It never touches /etc/orthanc or the service of the machine.
 * Not:    HTTPS: Debian 12's Orthanc ends with a segmentation fault at the first request. `gateway.ts` speaks it instead.
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, type Dispatcher, request } from "undici";
import { freePorts } from "../../support/free-ports.ts";
import { Program } from "./programs.ts";

export interface OrthancOptions {
  /** Seconds without a new image after which a study is stable; default 1. */
  readonly stableAge?: number;
  /** Basic authentication is asked for, with this name and password. */
  readonly user?: { readonly name: string; readonly password: string };
  /** AE titles that it can send to by name, as `{ ROUTER: ["MEDICALX", "127.0.0.1", 11112] }`. */
  readonly modalities?: Readonly<Record<string, readonly [aet: string, host: string, port: number]>>;
  /** More of Orthanc's configuration. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** An instance in the archive. */
export interface StoredInstance {
  /** Orthanc's own id. */
  readonly id: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly modality: string;
  readonly seriesDescription: string;
}

interface Expanded {
  readonly ID: string;
  readonly MainDicomTags: Readonly<Record<string, string>>;
  readonly ParentSeries: string;
  readonly ParentStudy: string;
}

export class Orthanc {
  readonly folder = mkdtempSync(join(tmpdir(), "medical-x-orthanc-"));
  /** Its AE title. */
  readonly aet = "ORTHANC";
  readonly httpPort: number;
  readonly dicomPort: number;
  readonly #options: OrthancOptions;
  readonly #agent = new Agent();
  #program: Program | undefined;

  private constructor(options: OrthancOptions, httpPort: number, dicomPort: number) {
    this.#options = options;
    this.httpPort = httpPort;
    this.dicomPort = dicomPort;
    process.once("exit", this.#remove);
  }

  /** Start one, and wait until it answers. */
  static async start(options: OrthancOptions = {}): Promise<Orthanc> {
    const [httpPort, dicomPort] = (await freePorts(2)) as [number, number];
    const orthanc = new Orthanc(options, httpPort, dicomPort);
    writeFileSync(orthanc.configurationFile, JSON.stringify(orthanc.#configuration(), null, 1));
    try {
      await orthanc.resume();
    } catch (error) {
      await orthanc.stop();
      throw error;
    }
    return orthanc;
  }

  /** Without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${this.httpPort}`;
  }

  /** The root of its DICOMweb services. */
  get dicomWeb(): string {
    return `${this.url}/dicom-web`;
  }

  get configurationFile(): string {
    return join(this.folder, "orthanc.json");
  }

  /** The end of its log. */
  get said(): string {
    return this.#program?.said ?? "";
  }

  get isRunning(): boolean {
    return this.#program?.isRunning ?? false;
  }

  /** Start it again on the same database and ports, and wait until it answers. */
  async resume(): Promise<void> {
    if (this.isRunning) return;
    const program = new Program("Orthanc", [this.configurationFile], { cwd: this.folder });
    this.#program = program;
    await program.until(async () => {
      try {
        return (await this.#request("GET", "/system")).status === 200;
      } catch {
        return false;
      }
    });
  }

  /** SIGKILL. Returns when it is gone, so that it can be started again. */
  async kill(): Promise<void> {
    await this.#program?.end("SIGKILL");
  }

  /** SIGTERM: it writes what it has to. Returns when it is gone. */
  async pause(): Promise<void> {
    await this.#program?.end("SIGTERM");
  }

  /** End it for good, and remove its folder. */
  async stop(): Promise<void> {
    await this.kill();
    await this.#agent.close();
    this.#remove();
    process.off("exit", this.#remove);
  }

  /** A GET of its REST interface. Throws if the answer is not 200. */
  async get<T>(path: string): Promise<T> {
    const { status, body } = await this.#request("GET", path);
    if (status !== 200) throw new Error(`GET ${path} is answered with ${status}: ${body.toString()}`);
    return JSON.parse(body.toString()) as T;
  }

  /** The bytes of an instance as it was stored, by Orthanc's id. */
  async file(id: string): Promise<Uint8Array> {
    const { status, body } = await this.#request("GET", `/instances/${id}/file`);
    if (status !== 200) throw new Error(`instance ${id} is answered with ${status}`);
    return body;
  }

  /** Store a file. Returns `Success` or `AlreadyStored`. */
  async store(bytes: Uint8Array): Promise<string> {
    const { status, body } = await this.#request("POST", "/instances", bytes);
    if (status !== 200) throw new Error(`a file is not stored (${status}): ${body.toString()}`);
    return (JSON.parse(body.toString()) as { Status: string }).Status;
  }

  /** A POST, PUT or DELETE of its REST interface. */
  async send(method: "POST" | "PUT" | "DELETE", path: string, body?: Uint8Array | string): Promise<void> {
    const answer = await this.#request(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path} is answered with ${answer.status}: ${answer.body}`);
  }

  /** All instances, or those of one study. */
  async instances(studyInstanceUid?: string): Promise<readonly StoredInstance[]> {
    const all = await this.get<readonly Expanded[]>("/instances?expand");
    const series = new Map(
      (await this.get<readonly Expanded[]>("/series?expand")).map((one) => [one.ID, one]),
    );
    const studies = new Map(
      (await this.get<readonly Expanded[]>("/studies?expand")).map((one) => [one.ID, one]),
    );
    const rows = all.map((instance): StoredInstance => {
      const parent = series.get(instance.ParentSeries);
      const study = studies.get(parent?.ParentStudy ?? "");
      return {
        id: instance.ID,
        studyInstanceUid: study?.MainDicomTags["StudyInstanceUID"] ?? "",
        seriesInstanceUid: parent?.MainDicomTags["SeriesInstanceUID"] ?? "",
        sopInstanceUid: instance.MainDicomTags["SOPInstanceUID"] ?? "",
        modality: parent?.MainDicomTags["Modality"] ?? "",
        seriesDescription: parent?.MainDicomTags["SeriesDescription"] ?? "",
      };
    });
    return rows.filter((row) => studyInstanceUid === undefined || row.studyInstanceUid === studyInstanceUid);
  }

  async #request(
    method: Dispatcher.HttpMethod,
    path: string,
    body?: Uint8Array | string,
  ): Promise<{ readonly status: number; readonly body: Buffer }> {
    const { user } = this.#options;
    const login =
      user === undefined ? undefined : Buffer.from(`${user.name}:${user.password}`).toString("base64");
    const answer = await request(this.url + path, {
      method,
      dispatcher: this.#agent,
      headers: login === undefined ? {} : { authorization: `Basic ${login}` },
      ...(body === undefined ? {} : { body }),
    });
    return { status: answer.statusCode, body: Buffer.from(await answer.body.arrayBuffer()) };
  }

  #configuration(): Readonly<Record<string, unknown>> {
    const { stableAge = 1, user, modalities = {}, more = {} } = this.#options;
    return {
      StorageDirectory: join(this.folder, "storage"),
      IndexDirectory: join(this.folder, "storage"),
      Plugins: ["/usr/share/orthanc/plugins/libOrthancDicomWeb.so"],
      HttpPort: this.httpPort,
      DicomPort: this.dicomPort,
      DicomAet: this.aet,
      DicomCheckCalledAet: false,
      DicomAlwaysAllowStore: true,
      // It listens on all interfaces, and answers loopback alone.
      RemoteAccessAllowed: false,
      AuthenticationEnabled: user !== undefined,
      RegisteredUsers: user === undefined ? {} : { [user.name]: user.password },
      DicomModalities: modalities,
      StableAge: stableAge,
      DefaultEncoding: "Utf8",
      DicomWeb: { Enable: true, Root: "/dicom-web/" },
      ...more,
    };
  }

  readonly #remove = (): void => {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  };
}
