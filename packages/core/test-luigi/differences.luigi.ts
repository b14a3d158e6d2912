import { type Param, p } from "@leat/core";
import { beforeAll, describe, expect, it } from "vitest";
import { type Described, describeWithLuigi } from "./luigi.ts";

// Where we read or write a text otherwise than Luigi, and mean to.

const REFUSED = "refused";

interface Difference {
  readonly param: Param<any>;
  readonly text: string;
  readonly luigi: string;
  readonly ours: string;
}

const difference = (param: Param<any>, text: string, luigi: string, ours: string): Difference => ({
  param,
  text,
  luigi,
  ours,
});

const DIFFERENCES: readonly Difference[] = [
  // JavaScript's whole numbers are exact up to 2^53.
  difference(p.int(), "12345678901234567890", "12345678901234567890", REFUSED),
  // Digits of other scripts.
  difference(p.int(), "٣", "3", REFUSED),
  // Time fields must have two digits each: they are not guessed apart.
  difference(p.dateMinute(), "2013-07-10T19", "2013-07-10T0109", REFUSED),
  difference(p.dateMinute(), "2013-07-10T197", "2013-07-10T1907", REFUSED),
  difference(p.dateMinute(), "2013-07-10T19H07", "2013-07-10T1907", REFUSED),
  difference(p.dateSecond(), "2013-07-10T1907", "2013-07-10T190007", REFUSED),
  // What cannot be read is not ignored.
  difference(p.timeDelta(), "1 month", "0 w 0 d 0 h 1 m 0 s", REFUSED),
  difference(p.timeDelta(), "1 min 30 s", "0 w 0 d 0 h 1 m 0 s", REFUSED),
  difference(p.timeDelta(), "1 d 1 w", "0 w 1 d 0 h 0 m 0 s", REFUSED),
  difference(p.timeDelta(), "PT5M junk", "0 w 0 d 0 h 5 m 0 s", REFUSED),
  difference(p.timeDelta(), "P1W2D", "1 w 0 d 0 h 0 m 0 s", "1 w 2 d 0 h 0 m 0 s"),
  difference(p.timeDelta(), "PT0S", REFUSED, "0 w 0 d 0 h 0 m 0 s"),
  // Fractions and negative times come back from their text.
  difference(p.timeDelta(), "12.34", "0 w 0 d 0 h 0 m 12 s", "0 w 0 d 0 h 0 m 12.34 s"),
  difference(p.timeDelta(), "PT1.5S", REFUSED, "0 w 0 d 0 h 0 m 1.5 s"),
  difference(p.timeDelta(), "-1 w 6 d 0 h 0 m 0 s", REFUSED, "-1 w 6 d 0 h 0 m 0 s"),
  // Lists and dicts have the shape that they are named after.
  difference(p.list(), '"abc"', '["a", "b", "c"]', REFUSED),
  difference(p.list(), '{"a": 1}', '["a"]', REFUSED),
  difference(p.list(), "null", "null", REFUSED),
  difference(p.dict(), "[1]", "[1]", REFUSED),
  difference(p.dict(), "null", "null", REFUSED),
  difference(p.tuple(), '"abc"', '["a", "b", "c"]', REFUSED),
  difference(p.tuple(), '[{"a": 1}]', '[["a"]]', '[{"a": 1}]'),
  difference(p.tuple(), "1, 2", "[1, 2]", REFUSED),
  difference(p.tuple(), "[true, null]", REFUSED, "[true, null]"),
  // JavaScript has one kind of number, and puts names that are whole numbers first.
  difference(p.list(), "[1.0, 1e3]", "[1.0, 1000.0]", "[1, 1000]"),
  difference(p.list(), "[12345678901234567890]", "[12345678901234567890]", REFUSED),
  difference(p.list(), "[NaN]", "[NaN]", REFUSED),
  difference(p.dict(), '{"2": 1, "1": 2}', '{"2": 1, "1": 2}', '{"1": 2, "2": 1}'),
];

describe("where we differ from Luigi", () => {
  let luigis: readonly Described[];

  beforeAll(async () => {
    luigis = await describeWithLuigi(DIFFERENCES.map(asTask));
  });

  it.each(DIFFERENCES.map(({ param, ...rest }, index) => ({ type: param.type.name, param, index, ...rest })))(
    "$type $text: $luigi there, $ours here",
    ({ param, text, index, luigi, ours }) => {
      expect(luigis[index]?.texts?.["x"] ?? REFUSED).toBe(luigi);
      expect(readOurs(param, text)).toBe(ours);
    },
  );
});

function asTask({ param, text }: Difference) {
  const declared = {
    name: "x",
    type: param.type.name,
    options: {},
    significant: true,
    visibility: "public",
    text,
  };
  return { namespace: "", name: "T", params: [declared] };
}

function readOurs(param: Param<any>, text: string): string {
  try {
    return param.type.serialize(param.parse(text, "T.x"));
  } catch {
    return REFUSED;
  }
}
