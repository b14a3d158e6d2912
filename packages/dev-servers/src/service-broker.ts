import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { LOCALHOST } from "./ports.ts";
import { type ServiceName, TEST_SERVICES, type TestServices } from "./test-services.ts";

interface Running {
  stop(): Promise<void>;
}

/**
 * Starts services when they are first asked for, over HTTP. A test run has one, in its main process: so each service
 * runs once, only if a test needs it, and no worker process takes it along when it ends.
 */
export class ServiceBroker {
  /** Secret: who knows it can ask. */
  readonly url: string;
  readonly #server: Server;
  readonly #services = new Map<ServiceName, Promise<Running>>();

  static async start(): Promise<ServiceBroker> {
    const server = createServer();
    server.listen(0, LOCALHOST);
    await once(server, "listening");
    // It serves a run of tests; it does not keep one running.
    server.unref();
    return new ServiceBroker(server);
  }

  private constructor(server: Server) {
    const { port } = server.address() as AddressInfo;
    const path = `/${randomBytes(16).toString("hex")}/`;
    this.url = `http://${LOCALHOST}:${port}${path}`;
    this.#server = server;
    server.on("request", (request, response) => {
      const name = request.url?.startsWith(path) ? request.url.slice(path.length) : "";
      void this.#answer(name, response);
    });
  }

  /** Stops the services that were started. */
  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    const started = await Promise.allSettled(this.#services.values());
    const running = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    await Promise.all(running.map((service) => service.stop()));
  }

  async #answer(name: string, response: ServerResponse): Promise<void> {
    try {
      if (!isServiceName(name))
        throw new Error(`No service "${name}"; there are ${SERVICE_NAMES.join(", ")}`);
      response.end(JSON.stringify(await this.#service(name)));
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error));
    }
  }

  #service(name: ServiceName): Promise<Running> {
    const running = this.#services.get(name) ?? TEST_SERVICES[name].start();
    this.#services.set(name, running);
    return running;
  }
}

const SERVICE_NAMES = Object.keys(TEST_SERVICES);

function isServiceName(name: string): name is ServiceName {
  return SERVICE_NAMES.includes(name);
}

/** Asks a broker for a service. Throws when it does not start, with the reason. */
export async function requestService<Name extends ServiceName>(
  brokerUrl: string,
  name: Name,
): Promise<TestServices[Name]> {
  const response = await fetch(brokerUrl + name);
  if (!response.ok) throw new Error(`The test service ${name} did not start: ${await response.text()}`);
  return (await response.json()) as TestServices[Name];
}
