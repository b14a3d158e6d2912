import { expect } from "vitest";
import { type Received, request, type TestServer } from "./support.ts";

/** Calls as Luigi's workers do, a form with the arguments as JSON in `data`; gives the response. */
export type LuigiCall = (method: string, data?: object) => Promise<any>;

export function luigiCaller(server: TestServer): LuigiCall {
  return async (method, data = {}) => {
    const { status, body } = await sendForm(server, method, JSON.stringify(data));
    expect(status).toBe(200);
    return body.response;
  };
}

export function sendForm(server: TestServer, method: string, data: string): Promise<Received> {
  const body = new URLSearchParams({ data }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return request(`${server.url}/api/${method}`, { method: "POST", headers, body });
}
