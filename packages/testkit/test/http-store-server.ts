import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdtemp, open, rename, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** What a request has to show to be let in. */
export const TOKEN = "let me in";

/** A store of objects behind HTTP, as small as one can be: `/store/<key>`, and `/store?prefix=` for their names. */
export class HttpStoreServer {
  readonly #directory: string;
  readonly #server: Server;
  readonly #keys = new Set<string>();

  private constructor(directory: string) {
    this.#directory = directory;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  static async start(): Promise<HttpStoreServer> {
    const started = new HttpStoreServer(await mkdtemp(join(tmpdir(), "leat-http-")));
    await new Promise<void>((resolve) => started.#server.listen(0, "127.0.0.1", resolve));
    return started;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get keys(): readonly string[] {
    return [...this.#keys];
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#directory, { recursive: true });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = "", query = ""] = (request.url ?? "").split("?");
    const [, store, ...segments] = path.split("/").map(decodeURIComponent);
    if (request.headers.authorization !== TOKEN) response.writeHead(403).end();
    else if (store !== "store") response.writeHead(404).end();
    else if (segments.length === 0) this.#list(decodeURIComponent(query), response);
    else await this.#answerForKey(segments.join("/"), request, response);
  }

  async #answerForKey(key: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === "PUT") return this.#put(key, request, response);
    if (!this.#keys.has(key)) return void response.writeHead(404).end();
    if (request.method === "DELETE") {
      this.#keys.delete(key);
      return void response.writeHead(204).end();
    }
    return this.#get(key, request, response);
  }

  #list(prefix: string, response: ServerResponse): void {
    response.end(JSON.stringify([...this.#keys].filter((key) => key.startsWith(prefix))));
  }

  async #get(key: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    // From here on it is this object, whatever takes its name.
    const object = await open(this.#file(key));
    const { size, mtimeMs } = await object.stat();
    const start = Math.min(Number(request.headers.range ?? 0), size);
    response.writeHead(200, { "content-length": size - start, "x-modified-at": mtimeMs });
    const content = request.method === "HEAD" ? Readable.from([]) : object.createReadStream({ start });
    try {
      await pipeline(content, response);
    } finally {
      await object.close();
    }
  }

  /** The object is there when the whole body has come, and as before when it has not. */
  async #put(key: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const upload = join(this.#directory, randomUUID());
    await pipeline(request, createWriteStream(upload));
    if (request.headers["if-none-match"] === "*" && this.#keys.has(key)) {
      return void response.writeHead(412).end();
    }
    this.#keys.add(key);
    await rename(upload, this.#file(key));
    response.writeHead(201).end();
  }

  #file(key: string): string {
    return join(this.#directory, createHash("sha256").update(key).digest("hex"));
  }
}
