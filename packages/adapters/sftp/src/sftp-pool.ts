import type { SftpClient } from "./sftp-client.ts";
import { connectSftp } from "./sftp-connect.ts";
import type { ResolvedSettings } from "./sftp-options.ts";

/** A connection without work is closed after this time. Until then it does not keep the process alive. */
const IDLE_MS = 10_000;

interface Member {
  readonly connecting: Promise<SftpClient>;
  users: number;
  idle: NodeJS.Timeout | undefined;
}

/** The use of a connection, which others may use as well. */
export interface Lease {
  readonly client: SftpClient;
  /** Ends the use; may be called again. */
  readonly release: () => void;
}

/** The connections to one server, made when needed. */
export class SftpPool {
  readonly #settings: ResolvedSettings;
  readonly #members = new Set<Member>();

  constructor(settings: ResolvedSettings) {
    this.#settings = settings;
  }

  /** Number of uses that have not ended. */
  get leases(): number {
    return [...this.#members].reduce((sum, { users }) => sum + users, 0);
  }

  /** Gives the connection with the least to do, or a new one. */
  async take(): Promise<Lease> {
    const member = this.#leastUsed() ?? this.#add();
    member.users++;
    clearTimeout(member.idle);
    let isOver = false;
    const release = (): void => {
      if (!isOver) this.#release(member);
      isOver = true;
    };
    try {
      const client = await member.connecting;
      client.hold(true);
      return { client, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Does `work` with a connection. */
  async use<T>(work: (client: SftpClient) => Promise<T>): Promise<T> {
    const { client, release } = await this.take();
    try {
      return await work(client);
    } finally {
      release();
    }
  }

  /** Closes the connections that are not in use. */
  close(): void {
    for (const member of this.#members) if (member.users === 0) this.#drop(member);
  }

  /** One that has nothing to do, or the least when there may be no more. */
  #leastUsed(): Member | undefined {
    const [least] = [...this.#members].sort((one, other) => one.users - other.users);
    const isFull = this.#members.size >= this.#settings.maxConnections;
    return least !== undefined && (least.users === 0 || isFull) ? least : undefined;
  }

  #add(): Member {
    const member: Member = { connecting: connectSftp(this.#settings), users: 0, idle: undefined };
    this.#members.add(member);
    const forget = (): void => void this.#members.delete(member);
    member.connecting.then((client) => (client.isLost ? forget() : client.onLost(forget)), forget);
    return member;
  }

  #release(member: Member): void {
    if (--member.users > 0) return;
    member.idle = setTimeout(() => this.#drop(member), IDLE_MS).unref();
    member.connecting.then((client) => client.hold(member.users > 0)).catch(() => undefined);
  }

  #drop(member: Member): void {
    clearTimeout(member.idle);
    this.#members.delete(member);
    member.connecting.then((client) => client.disconnect()).catch(() => undefined);
  }
}
