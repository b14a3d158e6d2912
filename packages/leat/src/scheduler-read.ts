import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { messageOf, UsageError } from "@leat/core";
import { schedulerInForce } from "./scheduler-options.ts";

/** Where leatd is, and what it asks for. */
export interface SchedulerPlace {
  /** The leader and its standbys. */
  readonly urls: readonly string[];
  readonly token?: string | undefined;
  /** Certificates to trust, as PEM. */
  readonly ca?: string | undefined;
}

const TIMEOUT_MS = 30_000;

/** The leatd that flags and configuration name; `undefined` when they name none. */
export function placeInForce(): SchedulerPlace | undefined {
  const scheduler = schedulerInForce();
  if (scheduler === undefined) return undefined;
  const { url, token, ca } = scheduler;
  return { urls: typeof url === "string" ? [url] : url, token, ca };
}

/** No leader: a standby, or one that starts. */
const TRY_NEXT = 503;

/**
 * Reads JSON from the first leatd that answers.
 *
 * @throws UsageError `FLAG_INVALID` when none does, or when it refuses
 */
export async function readScheduler(place: SchedulerPlace, path: string): Promise<unknown> {
  let reason = "";
  for (const url of place.urls) {
    try {
      const { status, text } = await get(new URL(`${url.replace(/\/+$/, "")}${path}`), place);
      if (status === 200) return JSON.parse(text);
      reason = `${url} answers with status ${status}: ${text.slice(0, 200)}`;
      if (status !== TRY_NEXT) break;
    } catch (error) {
      reason = `${url}: ${messageOf(error)}`;
    }
  }
  throw new UsageError(
    "FLAG_INVALID",
    `Cannot read from the scheduler: ${reason}. Give the URL of a leatd by --scheduler.`,
  );
}

function get(url: URL, { token, ca }: SchedulerPlace): Promise<{ status: number; text: string }> {
  const isSecure = url.protocol === "https:";
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const onResponse = (response: IncomingMessage) => void textOf(response).then(resolve, reject);
    const options = { headers, timeout: TIMEOUT_MS, ...(isSecure && ca !== undefined && { ca }) };
    const call = (isSecure ? requestHttps : requestHttp)(url, options, onResponse);
    call.on("timeout", () => call.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    call.on("error", reject);
    call.end();
  });
}

async function textOf(response: IncomingMessage): Promise<{ status: number; text: string }> {
  let text = "";
  response.setEncoding("utf8");
  for await (const chunk of response as AsyncIterable<string>) text += chunk;
  return { status: response.statusCode ?? 0, text };
}
