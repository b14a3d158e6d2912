import { setTimeout } from "node:timers/promises";
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import type { ObjectOptions } from "./object-options.ts";
import type { Content } from "./part-buffer.ts";
import { hasCode } from "./s3-errors.ts";
import { locate } from "./s3-path.ts";
import type { S3Purpose, S3Store } from "./s3-store.ts";

/** Amazon S3 says yes to a repeated abort for some time, others say that there is no such upload. */
const MAX_ABORTS = 5;
const ABORT_DELAY_MS = 20;

/** An object that is made of parts, in any order. It appears when it is completed. */
export class MultipartUpload {
  readonly #store: S3Store;
  readonly #target: { readonly Bucket: string; readonly Key: string; readonly UploadId: string };
  readonly #path: string;
  readonly #options: ObjectOptions;
  readonly #parts: CompletedPart[] = [];

  private constructor(store: S3Store, path: string, uploadId: string, options: ObjectOptions) {
    const { bucket, key } = locate(path);
    this.#store = store;
    this.#target = { Bucket: bucket, Key: key, UploadId: uploadId };
    this.#path = path;
    this.#options = options;
  }

  /**
   * Begins an upload. It takes no signal: an answer that nobody waits for would leave an upload of which nobody knows.
   *
   * @param attributes of the object, such as its content type
   */
  static async begin(
    store: S3Store,
    path: string,
    options: ObjectOptions,
    attributes: Partial<CreateMultipartUploadCommandInput> = {},
  ): Promise<MultipartUpload> {
    const { bucket, key } = locate(path);
    const target = { Bucket: bucket, Key: key };
    const command = new CreateMultipartUploadCommand({ ...attributes, ...options.written, ...target });
    const reply = await store.send(command, { action: "begin to write", path, once: true });
    return new MultipartUpload(store, path, reply.UploadId as string, options);
  }

  /** Sends a part, which stays in use until this resolves. */
  async send(number: number, content: Content, signal: AbortSignal): Promise<void> {
    const command = new UploadPartCommand({
      ...this.#target,
      ...this.#options.key,
      PartNumber: number,
      Body: content.bytes,
      ChecksumCRC32: content.crc32,
    });
    const purpose = this.#purpose("write", signal);
    const { ETag, ChecksumCRC32 } = await this.#store.upload(command, purpose, content);
    this.#parts.push({ PartNumber: number, ETag, ...(ChecksumCRC32 === undefined ? {} : { ChecksumCRC32 }) });
  }

  /** Lets the store copy a part out of another object. */
  async copy(number: number, source: string, range: string, signal: AbortSignal): Promise<void> {
    const command = new UploadPartCopyCommand({
      ...this.#target,
      ...this.#options.key,
      ...this.#options.source,
      PartNumber: number,
      CopySource: source,
      CopySourceRange: range,
    });
    const { CopyPartResult } = await this.#store.send(command, this.#purpose("copy to", signal));
    this.#parts.push({ PartNumber: number, ETag: CopyPartResult?.ETag });
  }

  /** Publishes the object, when `exclusive` only where there is none. */
  async complete(exclusive: boolean, signal: AbortSignal): Promise<void> {
    const Parts = this.#parts.toSorted((a, b) => (a.PartNumber as number) - (b.PartNumber as number));
    const command = new CompleteMultipartUploadCommand({
      ...this.#target,
      ...(exclusive ? { IfNoneMatch: "*" } : {}),
      MultipartUpload: { Parts },
    });
    await this.#store.send(command, { ...this.#purpose("publish", signal), once: true });
  }

  /**
   * Removes the parts. Call it when none is on its way any more. What a store had received in full may be stored after its
   * client has gone, so the upload is aborted until the store knows it no longer.
   * https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
   */
  async abort(): Promise<void> {
    for (let attempt = 0; attempt < MAX_ABORTS; attempt++) {
      if (await this.#isGone()) return;
      await setTimeout(attempt * ABORT_DELAY_MS);
    }
  }

  /** Aborts; gives whether nothing was there to abort: a try before had gone through, or completing had after all. */
  async #isGone(): Promise<boolean> {
    try {
      const command = new AbortMultipartUploadCommand(this.#target);
      await this.#store.send(command, this.#purpose("remove the parts of", undefined));
      return false;
    } catch (error) {
      if (!hasCode(error, "NoSuchUpload")) throw error;
      return true;
    }
  }

  #purpose(action: string, signal: AbortSignal | undefined): S3Purpose {
    return { action, path: this.#path, signal };
  }
}
