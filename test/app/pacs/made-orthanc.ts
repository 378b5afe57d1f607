/** An Orthanc of a few lines: what it lists, as Orthanc 1.10 does. It has no files. */

import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface MadeInstance {
  readonly uid: string;
  readonly modality: string;
  readonly description?: string;
}

interface MadeStudy {
  readonly uid: string;
  readonly instances: MadeInstance[];
  isStable: boolean;
  lastUpdate: string;
}

interface Change {
  readonly Seq: number;
  readonly ChangeType: string;
  readonly ResourceType: string;
  readonly ID: string;
}

/** How Orthanc says that it has no such thing. */
const UNKNOWN = { HttpStatus: 404, Message: "Unknown resource", OrthancStatus: 17 };

const idOf = (uid: string): string => {
  const hash = createHash("sha1").update(uid).digest("hex");
  return hash.match(/.{8}/g)!.join("-");
};

export class MadeOrthanc {
  readonly studies = new Map<string, MadeStudy>();
  readonly asked: string[] = [];
  changes: Change[] = [];
  /** Answers each request with 500. */
  isBroken = false;
  /** The studies that a search finds. */
  matching: (query: Record<string, string>) => boolean = () => true;
  readonly #server: Server;
  #last = 0;
  #clock = 0;

  private constructor() {
    this.#server = createServer((from, to) => {
      const url = new URL(from.url ?? "", "http://localhost");
      this.asked.push(`${from.method} ${url.pathname}`);
      let body = "";
      from.on("data", (piece: Buffer) => {
        body += piece.toString();
      });
      from.on("end", () => {
        const answer = this.isBroken ? 500 : this.#answer(url, body);
        to.writeHead(typeof answer === "number" ? answer : 200, { "content-type": "application/json" });
        to.end(JSON.stringify(answer === 404 ? UNKNOWN : typeof answer === "number" ? {} : answer));
      });
    });
  }

  static async start(): Promise<MadeOrthanc> {
    const made = new MadeOrthanc();
    await new Promise<void>((resolve) => made.#server.listen(0, "127.0.0.1", resolve));
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Let instances of a study come. */
  add(uid: string, ...instances: readonly MadeInstance[]): void {
    const id = idOf(uid);
    const study = this.studies.get(id) ?? { uid, instances: [], isStable: true, lastUpdate: "" };
    this.#clock += 1;
    study.lastUpdate = `20261127T08${String(this.#clock).padStart(4, "0")}`;
    this.studies.set(id, study);
    for (const instance of instances) {
      study.instances.push(instance);
      this.#change("NewInstance", "Instance", idOf(instance.uid));
    }
  }

  #change(ChangeType: string, ResourceType: string, ID: string): void {
    this.#last += 1;
    this.changes.push({ Seq: this.#last, ChangeType, ResourceType, ID });
  }

  /** Another database: nothing is in it, and its log begins anew. */
  forget(): void {
    this.studies.clear();
    this.changes = [];
    this.#last = 0;
  }

  set(uid: string, change: Partial<Pick<MadeStudy, "isStable">>): void {
    Object.assign(this.studies.get(idOf(uid))!, change);
  }

  remove(uid: string): void {
    this.studies.delete(idOf(uid));
  }

  #answer({ pathname, searchParams }: URL, body: string): unknown {
    const [, room, id, part] = pathname.split("/");
    if (room === "changes") return this.#changesSince(searchParams);
    if (room === "tools") return this.#found(JSON.parse(body) as { Query: Record<string, string> });
    if (room === "studies" && id === undefined) {
      const [since, limit] = [Number(searchParams.get("since")), Number(searchParams.get("limit"))];
      return [...this.studies.keys()].slice(since, since + limit).map((one) => this.#study(one));
    }
    if (room === "instances" && part === "study") {
      const found = [...this.studies].find(([, one]) => one.instances.some(({ uid }) => idOf(uid) === id));
      return found === undefined ? 404 : this.#study(found[0]);
    }
    const study = this.studies.get(id ?? "");
    if (room !== "studies" || study === undefined) return 404;
    if (part === undefined) return this.#study(id!);
    return study.instances.map((one) => ({
      ID: part === "series" ? idOf(`${one.uid}.s`) : idOf(one.uid),
      ParentSeries: idOf(`${one.uid}.s`),
      MainDicomTags: {
        SOPInstanceUID: one.uid,
        SeriesInstanceUID: `${one.uid}.1`,
        Modality: one.modality,
        SeriesDescription: one.description ?? "PA",
      },
    }));
  }

  #study(id: string): unknown {
    const { uid, isStable, lastUpdate } = this.studies.get(id)!;
    return { ID: id, IsStable: isStable, LastUpdate: lastUpdate, MainDicomTags: { StudyInstanceUID: uid } };
  }

  #found({ Query }: { readonly Query: Record<string, string> }): string[] {
    return [...this.studies.keys()].filter(
      (id) => this.studies.get(id)!.uid === Query["StudyInstanceUID"] && this.matching(Query),
    );
  }

  #changesSince(query: URLSearchParams): unknown {
    const since = Number(query.get("since"));
    const later = this.changes.filter(({ Seq }) => Seq > since);
    const page = later.slice(0, Number(query.get("limit")));
    return { Changes: page, Done: page.length === later.length, Last: page.at(-1)?.Seq ?? this.#last };
  }
}
