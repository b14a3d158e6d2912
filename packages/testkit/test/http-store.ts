import {
  Agent,
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
} from "node:http";
import { PassThrough, pipeline, type Readable } from "node:stream";
import {
  FileSystem,
  type FileStat,
  type FileSystemCapabilities,
  FileTarget,
  type FileTargetOptions,
  type FileWriter,
  NETWORK_ERRORS,
  TargetError,
} from "@leat/core";

export interface HttpStoreOptions {
  readonly port: number;
  readonly token: string;
  /** Name of the store on the server. Default `store`. */
  readonly store?: string;
  /** How long the server may be silent. Default 60 seconds. */
  readonly timeoutMs?: number;
}

/** The client of HttpStoreServer: what an adapter for a network store has to do, and no more. */
export class HttpFileSystem extends FileSystem {
  readonly name = "http";
  readonly capabilities: FileSystemCapabilities = {
    directories: false,
    atomicReplace: true,
    atomicRename: false,
    createOnly: true,
    modifiedTime: true,
    streaming: true,
    emptySegments: true,
  };
  readonly #options: HttpStoreOptions;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(options: HttpStoreOptions) {
    super();
    this.#options = options;
  }

  override async close(): Promise<void> {
    this.#agent.destroy();
  }

  protected override async _stat(
    path: string,
    signal: AbortSignal | undefined,
  ): Promise<FileStat | undefined> {
    if (this.isRoot(path)) await this.#keysBelow(path, signal);
    else {
      const { statusCode, headers } = await this.#ask("HEAD", path, signal);
      const [size, modifiedAt] = [Number(headers["content-length"]), Number(headers["x-modified-at"])];
      if (statusCode === 200) return { kind: "file", size, modifiedAt };
      if ((await this.#keysBelow(path, signal)).length === 0) return undefined;
    }
    return { kind: "directory", size: 0, modifiedAt: undefined };
  }

  protected override async *_list(path: string, recursive: boolean, signal: AbortSignal | undefined) {
    const keys = await this.#keysBelow(path, signal);
    if (keys.length === 0) throw await this.#missing(path, "TARGET_NOT_DIRECTORY", signal);
    const start = withSlash(path).length;
    const entryOf = (key: string): string => key.slice(0, start) + /^[^/]*\/?/.exec(key.slice(start))?.[0];
    yield* recursive ? keys : new Set(keys.map(entryOf));
  }

  protected override async _mkdir(): Promise<void> {
    // There are no directories.
  }

  protected override async _remove(path: string, recursive: boolean, signal: AbortSignal | undefined) {
    const below = await this.#keysBelow(path, signal);
    const { statusCode } = await this.#ask("DELETE", path, signal);
    if (!recursive && statusCode === 404 && below.length > 0) throw failure("TARGET_NOT_EMPTY", path);
    if (recursive) for (const key of below) await this.#ask("DELETE", key, signal);
    return statusCode === 204 || (recursive && below.length > 0);
  }

  protected override async _openRead(path: string, start: number, signal: AbortSignal | undefined) {
    const response = await this.#send("GET", path, signal, { range: String(start) });
    if (response.statusCode === 200) return translated(response, path);
    response.resume();
    throw await this.#missing(path, "TARGET_IS_DIRECTORY", signal);
  }

  protected override async _openWrite(path: string, exclusive: boolean): Promise<FileWriter> {
    const put = this.#request("PUT", path, undefined, exclusive ? { "if-none-match": "*" } : {});
    const failed = new Promise<never>((_resolve, reject) => {
      put.on("error", (error) => reject(translate(error, path)));
    });
    // Whoever writes next is told.
    failed.catch(() => undefined);
    const answered = new Promise<IncomingMessage>((resolve) => put.once("response", resolve));
    return {
      write: (chunk) => Promise.race([new Promise<void>((done) => put.write(chunk, () => done())), failed]),
      commit: async () => {
        put.end();
        const { statusCode } = (await Promise.race([answered, failed])).resume();
        if (statusCode !== 201)
          throw failure(statusCode === 412 ? "TARGET_EXISTS" : "TARGET_FORBIDDEN", path);
      },
      abort: async () => void put.destroy(),
    };
  }

  async #keysBelow(path: string, signal: AbortSignal | undefined): Promise<string[]> {
    const response = await this.#send("GET", "", signal, {}, path === "/" ? "" : withSlash(path));
    if (response.statusCode !== 200) throw failure("TARGET_NOT_FOUND", path);
    const chunks = await translated(response, path).toArray();
    return JSON.parse(Buffer.concat(chunks as Buffer[]).toString()) as string[];
  }

  async #missing(path: string, code: TargetError["code"], signal: AbortSignal | undefined) {
    return failure((await this._stat(path, signal)) === undefined ? "TARGET_NOT_FOUND" : code, path);
  }

  /** A request of which only the head of the answer counts. */
  async #ask(method: string, path: string, signal: AbortSignal | undefined): Promise<IncomingMessage> {
    return (await this.#send(method, path, signal)).resume();
  }

  async #send(
    method: string,
    path: string,
    signal: AbortSignal | undefined,
    headers: OutgoingHttpHeaders = {},
    query = "",
  ): Promise<IncomingMessage> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = this.#request(method, path, signal, headers, query);
      sent.once("response", resolve).end();
      sent.once("error", (error) => reject(signal?.aborted ? signal.reason : translate(error, path)));
    });
    if (response.statusCode !== 403) return response;
    response.resume();
    throw failure("TARGET_FORBIDDEN", path);
  }

  #request(
    method: string,
    path: string,
    signal: AbortSignal | undefined,
    headers: OutgoingHttpHeaders = {},
    query = "",
  ): ClientRequest {
    const { port, token, store = "store", timeoutMs = 60_000 } = this.#options;
    const key = path === "" ? "" : `/${encodeURIComponent(path)}`;
    const sent = request({
      host: "127.0.0.1",
      port,
      method,
      path: `/${store}${key}?${encodeURIComponent(query)}`,
      headers: { authorization: token, ...headers },
      agent: this.#agent,
      ...(signal ? { signal } : {}),
    });
    return sent.setTimeout(timeoutMs, () => {
      sent.destroy(Object.assign(new Error(`no answer for ${timeoutMs} ms`), { code: "ETIMEDOUT" }));
    });
  }
}

export class HttpTarget extends FileTarget {
  override readonly fileSystem: HttpFileSystem;

  constructor(fileSystem: HttpFileSystem, path: string, options?: FileTargetOptions) {
    super(path, options);
    this.fileSystem = fileSystem;
  }
}

/** An answer as a stream whose errors are ours. */
function translated(response: IncomingMessage, path: string): Readable {
  const content = new (class extends PassThrough {
    override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
      super._destroy(error && (translate(error, path) as Error), done);
    }
  })();
  return pipeline(response, content, () => undefined);
}

function translate(error: Error, path: string): unknown {
  const row = NETWORK_ERRORS[(error as NodeJS.ErrnoException).code ?? ""];
  // What is not of the network is the reason of an abort.
  return row === undefined ? error : failure(row.code, path, error);
}

function failure(code: TargetError["code"], path: string, cause?: Error): TargetError {
  return new TargetError(code, `Cannot use ${path}: ${cause?.message ?? code}.`, {
    cause,
    details: { path },
  });
}

function withSlash(path: string): string {
  return path.endsWith("/") ? path : `${path}/`;
}
