import { FtpClient } from "./ftp-client.ts";
import { ftpError } from "./ftp-errors.ts";
import type { FtpSettings } from "./ftp-options.ts";

/** A connection without work is closed after this time: servers count them, and close them without a word. */
const IDLE_MS = 15_000;

/** A connection that had no work for this time is asked whether it still lives before it is used. */
const FRESH_MS = 1000;

interface Idle {
  readonly client: FtpClient;
  readonly since: number;
  readonly timer: NodeJS.Timeout;
}

/** Connections to one server. There is one for each thing done at a time: FTP does one after another. */
export class FtpPool {
  readonly settings: FtpSettings;
  readonly #idle: Idle[] = [];
  /** Connections that are in use now. */
  inUse = 0;
  /** Where relative paths start, once a connection was made. */
  base: string | undefined;

  constructor(settings: FtpSettings) {
    this.settings = settings;
  }

  /** Does `work` with a connection. When the signal is aborted, the connection is closed, which ends the work. */
  async use<T>(signal: AbortSignal | undefined, work: (client: FtpClient) => Promise<T>): Promise<T> {
    const client = await this.take(signal);
    const stop = (): void => client.close();
    signal?.addEventListener("abort", stop);
    try {
      return await work(client);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", stop);
      this.give(client);
    }
  }

  /** A connection to be given back with `give`. */
  async take(signal: AbortSignal | undefined): Promise<FtpClient> {
    this.inUse++;
    try {
      const client = (await this.#takeIdle()) ?? (await this.#connect(signal));
      this.base = client.base;
      return client;
    } catch (error) {
      this.inUse--;
      throw error;
    }
  }

  give(client: FtpClient): void {
    this.inUse--;
    if (client.isClosed) return;
    client.rest();
    const timer = setTimeout(() => this.#expire(client), IDLE_MS).unref();
    this.#idle.push({ client, since: performance.now(), timer });
  }

  close(): void {
    for (const { client, timer } of this.#idle.splice(0)) {
      clearTimeout(timer);
      client.close();
    }
  }

  async #takeIdle(): Promise<FtpClient | undefined> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      clearTimeout(idle.timer);
      if (await isUsable(idle)) return idle.client;
    }
    return undefined;
  }

  async #connect(signal: AbortSignal | undefined): Promise<FtpClient> {
    const { host, port } = this.settings;
    try {
      return await FtpClient.connect(this.settings, signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw ftpError(error, `connect to ${host}:${port}`, undefined);
    }
  }

  #expire(client: FtpClient): void {
    const at = this.#idle.findIndex((idle) => idle.client === client);
    if (at >= 0) this.#idle.splice(at, 1);
    client.close();
  }
}

async function isUsable({ client, since }: Idle): Promise<boolean> {
  if (client.isClosed) return false;
  client.wake();
  if (performance.now() - since < FRESH_MS) return true;
  return client.ping().then(
    () => true,
    () => (client.close(), false),
  );
}
