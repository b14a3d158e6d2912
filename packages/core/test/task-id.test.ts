import { taskId } from "@leat/core";
import { describe, expect, it } from "vitest";

// Computed by Luigi 3.8.1.
const IDS: readonly [family: string, texts: Readonly<Record<string, string>>, id: string][] = [
  ["Fam", {}, "Fam__99914b932b"],
  ["Fam", { a: "1" }, "Fam_1_7d514306db"],
  ["my_namespace.MyTask", { my_param: "hello" }, "my_namespace.MyTask_hello_890907e7ce"],
  [
    "ns.Fam",
    { b: "x y/z", a: "0123456789abcdefXYZ", c: "ÅÄÖ", d: "zzz" },
    "ns.Fam_0123456789abcdef_x_y_z_____c3fc030dff",
  ],
  ["Fam", { B: "1", a: "2", _c: "3", Z: "4" }, "Fam_1_4_3_5119b54aa9"],
  ["Fam", { p: "é" }, "Fam___e65f4ad71b"],
  ["Fam", { p: "日本" }, "Fam____db2d0d9479"],
  ["Fam", { p: "😀" }, "Fam___0049ac66ee"],
  ["T", { p: "😀".repeat(17) }, `T_${"_".repeat(16)}_f3389d37d7`],
  ["Fam", { p: '"\\\n\t/\u007f' }, `Fam_${"_".repeat(6)}_287586a1a2`],
  ["T", { p: "-a.b:c" }, "T__a_b_c_d10222852e"],
  ["T", { date: "2012-01-01", n: "5" }, "T_2012_01_01_5_90a01d2fbc"],
  ["T", { x: "", y: "" }, "T___5a7fe42a78"],
  ["T", { é: "1", z: "2" }, "T_2_1_71379dd290"],
  ["T", { b: "True", f: "1.5" }, "T_True_1_5_4af6c8256e"],
  ["D", { d: '{"a": 1, "b": 2}' }, "D___a___1___b___2__bf4782a14b"],
  ["D", { d: '{"b": 2, "a": 1}' }, "D___b___2___a___1__07b12f5738"],
  [
    "F",
    { f: "1e-07", b: "True", td: "0 w 1 d 0 h 0 m 0 s", i: "2020-W05" },
    "F_True_1e_07_2020_W05_6f5c17b74d",
  ],
];

describe("taskId", () => {
  it.each(IDS)("of %s %j is as Luigi's", (family, texts, id) => {
    expect(taskId(family, texts)).toBe(id);
  });

  it("does not depend on the order of the parameters", () => {
    expect(taskId("T", { n: "5", date: "2012-01-01" })).toBe(taskId("T", { date: "2012-01-01", n: "5" }));
  });

  it("sorts names by code point, also beyond the basic plane", () => {
    const astralLast = taskId("T", { "\u{1d4d0}": "astral", "\uff21": "fullwidth" });
    expect(astralLast).toMatch(/^T_fullwidth_astral_/);
  });
});
