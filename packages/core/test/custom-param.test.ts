import { Param, type ParamOptions, type ParamType, p } from "@leat/core";
import { describe, expect, it } from "vitest";
import { Job, leatError } from "./support.ts";

// A parameter type of one's own, as a user writes it: a version `1.20.3` that is ordered by its numbers.

class Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;

  constructor(major: number, minor: number, patch: number) {
    this.major = major;
    this.minor = minor;
    this.patch = patch;
  }

  toString(): string {
    return `${this.major}.${this.minor}.${this.patch}`;
  }
}

const versionType: ParamType<Version> = {
  name: "version",
  expects: "a version such as 1.20.3",
  parse(text) {
    const fields = /^(\d+)\.(\d+)\.(\d+)$/.exec(text);
    if (fields === null) throw new SyntaxError("it does not have three numbers");
    const [major, minor, patch] = fields.slice(1).map(Number) as [number, number, number];
    return new Version(major, minor, patch);
  },
  serialize: String,
  normalize(value) {
    if (!(value instanceof Version)) throw new TypeError("it is not a Version");
    return value;
  },
  successor: ({ major, minor, patch }) => new Version(major, minor, patch + 1),
};

function version(options: ParamOptions<Version> & { readonly default: Version }): Param<Version, true>;
function version(options?: ParamOptions<Version>): Param<Version, false>;
function version(options?: ParamOptions<Version>): Param<Version> {
  return new Param(versionType, options);
}

class Deploy extends Job.with({
  release: version({ description: "What to deploy." }),
  previous: p.optional(version()),
  client: version({ default: new Version(1, 0, 0) }),
}) {}

describe("a parameter type of one's own", () => {
  const release = new Version(1, 20, 3);

  it("gives values of its own to tasks, and their ids", () => {
    const deploy = new Deploy({ release });
    expect(deploy.release.minor).toBe(20);
    expect(deploy.client.major).toBe(1);
    expect(deploy.previous).toBeNull();
    expect(String(deploy)).toBe("Deploy(release=1.20.3, previous=, client=1.0.0)");
    expect(new Deploy({ release: new Version(1, 20, 3) }).id).toBe(deploy.id);
  });

  it("reads texts and refuses those that it does not know, in its words", () => {
    expect(Deploy.params.release.parse("1.20.3", "Deploy.release")).toEqual(release);
    expect(() => Deploy.params.release.parse("1.20", "Deploy.release")).toThrow(
      leatError(
        "PARAMETER_INVALID",
        'Deploy.release does not accept "1.20": it does not have three numbers',
        "1.20.3",
      ),
    );
  });

  it("checks values given in code", () => {
    const make = (args: unknown) => () => new Deploy(args as never);
    expect(make({ release: "1.20.3" })).toThrow(
      leatError("PARAMETER_INVALID", "Deploy.release", "it is not a Version"),
    );
  });
});
