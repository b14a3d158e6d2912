import { isUnsupported } from "./sftp-errors.ts";
import { openFile } from "./sftp-open.ts";
import type { Lease, SftpPool } from "./sftp-pool.ts";
import { SftpWriter, type Destination } from "./sftp-writer.ts";

/** Bytes copied by one request: it is answered long before the deadline. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** Lets the server copy a file; gives its size, or `undefined` when the server cannot do that. */
export async function copyOnServer(
  pool: SftpPool,
  lease: Lease,
  from: string,
  destination: Destination,
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  const { handle, size } = await openFile(lease.client, from);
  try {
    const writer = await SftpWriter.open(pool, lease, destination);
    try {
      for (let position = 0; position < size; position += PIECE_BYTES) {
        signal?.throwIfAborted();
        await writer.copy(handle, Math.min(PIECE_BYTES, size - position));
      }
      await writer.commit();
    } catch (error) {
      await writer.abort().catch(() => undefined);
      throw error;
    }
    return size;
  } catch (error) {
    if (isUnsupported(error)) return undefined;
    throw error;
  } finally {
    lease.client.close(handle).catch(() => undefined);
  }
}
