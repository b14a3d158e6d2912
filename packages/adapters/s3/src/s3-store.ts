import { Readable } from "node:stream";
import type {
  $Command,
  S3Client,
  S3ClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes,
} from "@aws-sdk/client-s3";
import type { Content, DigestKinds } from "./part-buffer.ts";
import { isTimeout, mayPass, s3Error } from "./s3-errors.ts";

/** Bytes given to a TLS connection at a time, which holds an encrypted copy of what it was given. */
const PIECE_BYTES = 256 * 1024;

/** What is used of a request of the SDK. */
interface HttpRequest {
  readonly protocol: string;
  readonly headers: Record<string, string>;
  body?: unknown;
}

/** What a request is for. */
export interface S3Purpose {
  /** For messages: `read`. */
  readonly action: string;
  /** The path that the user gave. */
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
  /** The outcome of a second try would tell something else than that of the first: never try again. Default false. */
  readonly once?: boolean;
}

/** A client with our rules about trying again, and our errors. */
export class S3Store {
  readonly client: S3Client;

  constructor(client: S3Client) {
    this.client = client;
  }

  async send<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    command: $Command<Input, Output, S3ClientResolvedConfig, ServiceInputTypes, ServiceOutputTypes>,
    { action, path, signal, once = false }: S3Purpose,
  ): Promise<Output> {
    decideRetries(command, once);
    try {
      return await this.client.send(command, signal === undefined ? {} : { abortSignal: signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw s3Error(error instanceof Final ? error.reason : error, action, path);
    }
  }

  /**
   * Sends a request that brings content. Over TLS nobody can change it on its way, so that its SHA-256, which takes more time
   * than sending it, is left out of the signature, as the protocol allows; checksums stay. Otherwise the signature is of the
   * SHA-256 that comes with the content, or of the SDK's own.
   */
  async upload<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    command: $Command<Input, Output, S3ClientResolvedConfig, ServiceInputTypes, ServiceOutputTypes>,
    purpose: S3Purpose,
    { sha256 }: Pick<Content, "sha256"> = {},
  ): Promise<Output> {
    command.middlewareStack.add(
      (next) => (args) => {
        const { protocol, headers } = args.request as HttpRequest;
        const hash = protocol === "https:" ? "UNSIGNED-PAYLOAD" : sha256;
        if (hash !== undefined) headers["x-amz-content-sha256"] = hash;
        return next(args);
      },
      { step: "build", name: "leatContentHash" },
    );
    command.middlewareStack.add(
      (next) => (args) => next({ ...args, request: inPieces(args.request as HttpRequest) }),
      // Nearest to the connection: all that looks into the content has done so.
      { step: "deserialize", priority: "low", name: "leatBodyInPieces" },
    );
    return this.send(command, purpose);
  }

  /** What to find out about the content of uploads: checksums when they carry some, a hash where it is signed. */
  async digestKinds(): Promise<DigestKinds> {
    const { requestChecksumCalculation, endpoint } = this.client.config;
    return {
      crc32: (await requestChecksumCalculation()) === "WHEN_SUPPORTED",
      // Only an endpoint that somebody named can be without TLS.
      sha256: (await endpoint?.())?.protocol === "http:",
    };
  }
}

/** Holds an error that the SDK must not answer by another try. It looks into `cause` as well, so this is not there. */
class Final extends Error {
  readonly reason: unknown;

  constructor(reason: unknown) {
    super("not to be tried again");
    this.reason = reason;
  }
}

/**
 * The SDK tries a request three times. That is right for all that gives the same when it is done twice, except that nobody
 * wants to wait three times for a server that does not answer. What the SDK takes for final and is not is tried again.
 */
function decideRetries<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
  command: $Command<Input, Output, S3ClientResolvedConfig, ServiceInputTypes, ServiceOutputTypes>,
  once: boolean,
): void {
  command.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (mayPass(error)) throw Object.assign(error, { $retryable: {} });
        throw once || isTimeout(error) ? new Final(error) : error;
      }
    },
    // Within the SDK's own handler of retries, which has a high priority in this step.
    { step: "finalizeRequest", priority: "low", name: "leatRetries" },
  );
}

/** A request of its own, so that another try finds the bytes again. */
function inPieces(request: HttpRequest): HttpRequest {
  const { protocol, body } = request;
  if (protocol !== "https:" || !(body instanceof Uint8Array)) return request;
  const copy: HttpRequest = Object.assign(Object.create(Object.getPrototypeOf(request)), request);
  copy.body = Readable.from(piecesOf(body), { objectMode: false });
  return copy;
}

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}
