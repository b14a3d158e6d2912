export type { RedisConnection, RedisTargetOptions } from "./redis-options.ts";
export { findMarkers, RedisTarget } from "./redis-target.ts";
