import { closePlugins, MemoryTarget, type Plugin, pluginsInForce, targetAt, usePlugins } from "@leat/core";
import { afterEach, describe, expect, it } from "vitest";

const made = (url: string) => new MemoryTarget(url);
const store = (more: object = {}): Plugin => ({ name: "store", api: 1, ...more });

afterEach(() => closePlugins());

describe("targetAt", () => {
  it("gives the target that the plugin of the scheme makes", () => {
    usePlugins([store({ schemes: { shelf: made } })]);
    expect(String(targetAt("shelf://a/b"))).toContain("shelf://a/b");
    expect(String(targetAt("SHELF://a/b"))).toContain("SHELF://a/b");
  });

  it("names the schemes that there are, and not the URL, when no plugin has the scheme", () => {
    usePlugins([store({ schemes: { shelf: made } })]);
    const refused = (message: unknown) => expect.objectContaining({ code: "SCHEME_UNKNOWN", message });
    const asking = () => targetAt("ftp://user:secret@host/a");
    expect(asking).toThrow(refused(expect.stringContaining('the scheme "ftp"; there are: shelf.')));
    expect(asking).toThrow(refused(expect.not.stringContaining("secret")));
  });

  it("says that there are none when nothing is listed", () => {
    expect(() => targetAt("out/file.txt")).toThrow(expect.objectContaining({ code: "SCHEME_UNKNOWN" }));
  });
});

describe("usePlugins", () => {
  it("refuses a plugin of another version, and says both versions", () => {
    const future = { name: "store", api: 2 } as unknown as Plugin;
    const refusal = {
      code: "PLUGIN_INVALID",
      message: expect.stringMatching(/store.*version 2.*this is version 1/),
    };
    expect(() => usePlugins([future])).toThrow(expect.objectContaining(refusal));
  });

  it.each<[string, unknown, RegExp]>([
    ["that has no version", { name: "store" }, /no version/],
    ["that is a factory which was not called", () => store(), /is not a plugin.*call the factory/],
    ["without a name", { api: 1 }, /no name/],
    ["whose scheme is not a function", { name: "store", api: 1, schemes: { shelf: 1 } }, /schemes/],
    ["whose scheme no URL has", { name: "store", api: 1, schemes: { "Shelf:": made } }, /lower case/],
    ["whose close is not a function", { name: "store", api: 1, close: 1 }, /close/],
  ])("refuses a plugin %s", (_what, plugin, message) => {
    expect(() => usePlugins([plugin as Plugin])).toThrow(
      expect.objectContaining({ code: "PLUGIN_INVALID", message: expect.stringMatching(message) }),
    );
    expect(pluginsInForce().plugins).toEqual([]);
  });

  it("refuses two plugins of one name, and two with one scheme", () => {
    expect(() => usePlugins([store(), store()])).toThrow(/Two plugins have the name "store"/);
    const [one, other] = ["one", "other"].map((name) => store({ name, schemes: { shelf: made } }));
    expect(() => usePlugins([one as Plugin, other as Plugin])).toThrow(
      /one and other both have the scheme shelf/,
    );
  });
});

it("closePlugins closes all, the last one first, though one fails, and throws the first error", async () => {
  const closed: string[] = [];
  const plugin = (name: string, fail = false) =>
    store({
      name,
      async close() {
        closed.push(name);
        if (fail) throw new Error(`${name} failed`);
      },
    });
  usePlugins([plugin("first"), plugin("second", true), plugin("third", true)]);
  await expect(closePlugins()).rejects.toThrow("third failed");
  expect(closed).toEqual(["third", "second", "first"]);
  expect(pluginsInForce().plugins).toEqual([]);
});
