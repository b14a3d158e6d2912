import { DeleteObjectsCommand } from "@aws-sdk/client-s3";
import { TargetError } from "@leat/core";
import { s3ErrorOfCode } from "./s3-errors.ts";
import { pathOf } from "./s3-path.ts";
import type { S3Purpose, S3Store } from "./s3-store.ts";

/** Most keys that one request may name. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const BATCH = 1000;

/** Most paths that an error names. */
const MAX_NAMED = 100;

/** Removes objects, as many as it can, and tells in the end of those that are left. */
export class S3Removal {
  readonly #store: S3Store;
  readonly #bucket: string;
  readonly #purpose: S3Purpose;
  readonly #remaining: string[] = [];
  #remainingCount = 0;
  #code: string | undefined;

  constructor(store: S3Store, bucket: string, purpose: S3Purpose) {
    this.#store = store;
    this.#bucket = bucket;
    this.#purpose = purpose;
  }

  async removeAll(keys: readonly string[]): Promise<void> {
    for (let at = 0; at < keys.length; at += BATCH) await this.#removeBatch(keys.slice(at, at + BATCH));
  }

  /** @throws TargetError when something could not be removed */
  finish(): void {
    if (this.#code === undefined) return;
    const { path, action } = this.#purpose;
    const reason = s3ErrorOfCode(this.#code, action, path) as TargetError;
    const message = `${reason.message} Objects left: ${this.#remainingCount}, among them ${this.#remaining[0]}.`;
    throw new TargetError(reason.code, message, {
      cause: reason,
      retryable: reason.retryable,
      details: {
        ...reason.details,
        remaining: this.#remaining.join("\n"),
        remainingCount: this.#remainingCount,
      },
    });
  }

  async #removeBatch(keys: readonly string[]): Promise<void> {
    const Objects = keys.map((Key) => ({ Key }));
    const command = new DeleteObjectsCommand({ Bucket: this.#bucket, Delete: { Objects, Quiet: true } });
    const { Errors = [] } = await this.#store.send(command, this.#purpose);
    for (const { Key: key = "", Code = "Unknown" } of Errors) {
      this.#code ??= Code;
      this.#remainingCount++;
      if (this.#remaining.length < MAX_NAMED) this.#remaining.push(pathOf({ bucket: this.#bucket, key }));
    }
  }
}
