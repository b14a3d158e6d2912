/** The `globalSetup` of vitest. */
import type { TestProject } from "vitest/node";
import { ServiceBroker } from "./service-broker.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where a worker asks for services; `testService` does so. */
    leatServiceBroker: string;
  }
}

/** Makes services available to the tests of this run, and stops them at its end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const broker = await ServiceBroker.start();
  project.provide("leatServiceBroker", broker.url);
  return () => broker.stop();
}
