import { Target, TargetError } from "leat";

/** Something on the web: it exists when the server says so. */
export class HttpTarget extends Target {
  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
  }

  /** False only for "not there"; an error when that cannot be told. */
  override async exists(): Promise<boolean> {
    const { ok, status } = await this.#request("HEAD");
    if (status === 404 || status === 410) return false;
    if (ok) return true;
    throw this.#refused(status);
  }

  async readText(): Promise<string> {
    const response = await this.#request("GET");
    if (!response.ok) throw this.#refused(response.status);
    return response.text();
  }

  override toString(): string {
    return this.url;
  }

  async #request(method: "GET" | "HEAD"): Promise<Response> {
    try {
      return await fetch(this.url, { method });
    } catch (cause) {
      const message = `Cannot reach ${this.url}. Check the address and the network.`;
      throw new TargetError("TARGET_UNAVAILABLE", message, { cause, retryable: true });
    }
  }

  #refused(status: number): TargetError {
    const code = status === 401 || status === 403 ? "TARGET_FORBIDDEN" : "TARGET_UNAVAILABLE";
    const message = `${this.url} answers with HTTP status ${status}. Check the address and what it needs.`;
    return new TargetError(code, message, { retryable: status >= 500 });
  }
}
