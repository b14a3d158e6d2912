import { CleanAirports } from "./clean-airports.ts";
import { LoadCleanFile } from "./load-clean-file.ts";

/** The airports in the database. */
export class LoadAirports extends LoadCleanFile {
  override readonly table = "quickstart_airports";
  override readonly columns = [
    ["iata", "text primary key"],
    ["name", "text not null"],
    ["city", "text not null"],
    ["state", "text not null"],
    ["latitude", "double precision not null"],
    ["longitude", "double precision not null"],
  ] as const;
  override readonly mode = "replace";

  override requires() {
    return new CleanAirports();
  }
}
