import { client } from "../live/session.ts";
import { readable } from "./readable.ts";

/** More than this is not shown: the oldest goes first. */
const MOST_CHARACTERS = 400_000;

/** The end of the log of an attempt, told at most once a frame. */
export class LogTail {
  readonly #token: string;
  readonly #show: (text: string) => void;
  #text = "";
  #isPlanned = false;

  constructor(token: string, show: (text: string) => void) {
    this.#token = token;
    this.#show = show;
  }

  /** Reads what is there, and with `isLive` what is written until the attempt ends. */
  async follow(isLive: boolean, signal: AbortSignal): Promise<void> {
    const path = `attempts/${encodeURIComponent(this.#token)}/log`;
    const response = await client.open(path, isLive ? { follow: true } : {}, signal);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (let read = await reader?.read(); read !== undefined && !read.done; read = await reader?.read()) {
      this.#add(read.value, signal);
    }
  }

  #add(text: string, signal: AbortSignal): void {
    this.#text = (this.#text + readable(text)).slice(-MOST_CHARACTERS);
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    requestAnimationFrame(() => {
      this.#isPlanned = false;
      if (!signal.aborted) this.#show(this.#text);
    });
  }
}
