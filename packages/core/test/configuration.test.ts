import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ConfigLayer, Configuration, type ConfigSections, type ConfigSyntax } from "../src/index.ts";
import { leatError } from "./support.ts";

function layer(origin: string, syntax: ConfigSyntax, sections: ConfigSections): ConfigLayer {
  return { origin, syntax, sections };
}

function of(syntax: ConfigSyntax, sections: ConfigSections): Configuration {
  return new Configuration([layer("a file", syntax, sections)]);
}

const valueOf = (configuration: Configuration, section: string, key: string) =>
  configuration.get(section, key)?.value;

describe("layers", () => {
  const configuration = new Configuration([
    layer("first", "toml", { A: { x: "1", y: "1" }, B: { z: "1" } }),
    layer("second", "toml", { A: { x: "2" } }),
  ]);

  it("a later one overrides key by key, and an entry says where it is from", () => {
    expect(configuration.get("A", "x")).toEqual({ value: "2", origin: "second" });
    expect(configuration.get("A", "y")).toEqual({ value: "1", origin: "first" });
    expect(configuration.get("B", "z")).toEqual({ value: "1", origin: "first" });
  });

  it("what is nowhere is undefined", () => {
    expect(configuration.get("A", "z")).toBeUndefined();
    expect(configuration.get("C", "x")).toBeUndefined();
    expect(new Configuration().get("A", "x")).toBeUndefined();
  });

  it("sections have case, as families have", () => {
    expect(configuration.get("a", "x")).toBeUndefined();
  });

  it("an empty text is a value", () => {
    expect(valueOf(of("toml", { A: { x: "" } }), "A", "x")).toBe("");
  });

  it("another process makes the same of the same layers", () => {
    const layers = JSON.parse(JSON.stringify(configuration.layers)) as ConfigLayer[];
    expect(new Configuration(layers).get("A", "x")).toEqual({ value: "2", origin: "second" });
  });

  it("a section is given under the names of its files", () => {
    const resources = new Configuration([
      layer("first", "toml", { resources: { My_DB: "1", disk: "1" } }),
      layer("second", "toml", { resources: { My_DB: "3" } }),
    ]).section("resources");
    expect([...resources]).toEqual([
      ["My_DB", { value: "3", origin: "second" }],
      ["disk", { value: "1", origin: "first" }],
    ]);
  });
});

describe("keys", () => {
  it.each(["min_count", "min-count", "minCount"])("%s is found by all forms", (written) => {
    const configuration = of("cfg", { A: { [written]: "5" } });
    const forms = ["min_count", "min-count", "minCount"];
    expect(forms.map((form) => valueOf(configuration, "A", form))).toEqual(["5", "5", "5"]);
  });

  it.each([
    [{ min_count: "underscore", "min-count": "dash" }],
    [{ "min-count": "dash", min_count: "underscore" }],
  ])("with both, the underscore wins: %o", (values) => {
    expect(valueOf(of("cfg", { A: values }), "A", "min-count")).toBe("underscore");
  });

  it("in a layer with loose names only letters and digits count", () => {
    const environment = new Configuration([
      { ...layer("env", "literal", { ETL_TOPSONGS: { MIN_COUNT: "7" } }), looseNames: true },
    ]);
    expect(valueOf(environment, "etl.TopSongs", "minCount")).toBe("7");
  });
});

describe("interpolation", () => {
  beforeEach(() => void (process.env["LEAT_TEST_VARIABLE"] = "from %(env)s"));
  afterEach(() => void delete process.env["LEAT_TEST_VARIABLE"]);

  const CFG = {
    DEFAULT: { root: "/data", deep: "%(root)s/deep" },
    A: { path: "%(deep)s/%(name)s/%(name)s", name: "x", percent: "100 %%", env: "[${LEAT_TEST_VARIABLE}]" },
    B: { single: "50 %", unknown: "%(nowhere)s", unset: "${LEAT_TEST_UNSET}", round: "%(round)s" },
  };

  it("follows keys of the section and of DEFAULT, also repeatedly", () => {
    expect(valueOf(of("cfg", CFG), "A", "path")).toBe("/data/deep/x/x");
    expect(valueOf(of("cfg", CFG), "A", "percent")).toBe("100 %");
  });

  it("takes a variable of the environment as it is", () => {
    expect(valueOf(of("cfg", CFG), "A", "env")).toBe("[from %(env)s]");
    expect(valueOf(of("toml", CFG), "A", "env")).toBe("[from %(env)s]");
  });

  it("reaches the texts in lists and tables of TOML", () => {
    const value = { list: ["${LEAT_TEST_VARIABLE}", 1], flag: true };
    expect(valueOf(of("toml", { A: { value } }), "A", "value")).toEqual({
      list: ["from %(env)s", 1],
      flag: true,
    });
  });

  it("leaves percent signs in TOML, and everything in literal layers", () => {
    expect(valueOf(of("toml", CFG), "A", "percent")).toBe("100 %%");
    expect(valueOf(of("literal", CFG), "A", "env")).toBe("[${LEAT_TEST_VARIABLE}]");
  });

  it("DEFAULT gives keys to the sections that are there, unless they have their own", () => {
    const configuration = of("cfg", { DEFAULT: { x: "default", y: "default" }, A: { x: "own" } });
    expect(valueOf(configuration, "A", "x")).toBe("own");
    expect(valueOf(configuration, "A", "y")).toBe("default");
    expect(valueOf(configuration, "C", "y")).toBeUndefined();
  });

  it("is not known in TOML by the name DEFAULT", () => {
    const configuration = of("toml", { DEFAULT: { x: "default" }, A: {} });
    expect(valueOf(configuration, "A", "x")).toBeUndefined();
  });

  it.each([
    ["single", "[B] single in a file has a single %. Write %% for a percent sign."],
    ["unknown", "[B] unknown in a file refers to %(nowhere)s, and there is no key nowhere. Add it."],
    [
      "unset",
      "[B] unset in a file needs the environment variable LEAT_TEST_UNSET, which is not set. Set it.",
    ],
    ["round", "[B] round in a file refers to keys that refer to one another without end. Break the circle."],
  ])("says what is wrong when the key is read: %s", (key, message) => {
    const configuration = of("cfg", CFG);
    expect(() => configuration.get("B", key)).toThrow(leatError("CONFIG_INVALID", message));
  });
});
