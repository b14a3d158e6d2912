import { useState } from "preact/hooks";
import type { FamilyCounts } from "../api/types.ts";
import { setParams } from "../live/location.ts";
import { counts } from "../live/overview.ts";
import { StateIcon } from "../ui/state-icon.tsx";
import { formatCount } from "../words/format.ts";
import { toFolders, totalOf } from "./families.ts";
import { toggled } from "./task-query.ts";

/** More are found by typing. */
const SHOWN = 100;

/** With fewer than this nobody has to search. */
const SEARCHED = 12;

/** Families with their numbers of tasks, in folders by the word before the dot. A click shows only these. */
export function FamilyList({ chosen }: { readonly chosen: readonly string[] }) {
  const [search, setSearch] = useState("");
  const all = (counts.value?.families ?? []).filter(({ family }) => family !== "");
  const found = all.filter(({ family }) => family.toLowerCase().includes(search.toLowerCase()));
  return (
    <details class="families" open={isWide()}>
      <summary>Families</summary>
      {all.length < SEARCHED ? null : (
        <input
          type="search"
          class="input"
          placeholder="Find a family"
          aria-label="Find a family"
          value={search}
          onInput={({ currentTarget }) => setSearch(currentTarget.value)}
        />
      )}
      {toFolders(found.slice(0, SHOWN)).map(({ folder, families }) => (
        <div key={folder}>
          {folder === "" ? null : <h3 class="folder">{folder}</h3>}
          <ul>
            {families.map((counted) => (
              <Family key={counted.family} counted={counted} folder={folder} chosen={chosen} />
            ))}
          </ul>
        </div>
      ))}
      {found.length > SHOWN ? (
        <p class="quiet">{formatCount(found.length - SHOWN)} more: type a part of the name.</p>
      ) : null}
    </details>
  );
}

/** On a small screen the tasks come first. */
function isWide(): boolean {
  return matchMedia("(min-width: 1081px)").matches;
}

interface FamilyProps {
  readonly counted: FamilyCounts;
  readonly folder: string;
  readonly chosen: readonly string[];
}

function Family({ counted, folder, chosen }: FamilyProps) {
  const { family, byStatus } = counted;
  const failed = byStatus.FAILED ?? 0;
  return (
    <li>
      <button
        type="button"
        class="family"
        aria-pressed={chosen.includes(family)}
        onClick={() => setParams({ family: toggled(chosen, family), cursor: undefined })}
      >
        <span class="family-name">{folder === "" ? family : family.slice(folder.length + 1)}</span>
        {failed === 0 ? null : (
          <span class="family-failed" title={`${formatCount(failed)} failed`}>
            <StateIcon status="FAILED" />
            {formatCount(failed)}
          </span>
        )}
        <span class="family-count">{formatCount(totalOf(counted))}</span>
      </button>
    </li>
  );
}
