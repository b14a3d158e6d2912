import { ExternalTask } from "leat";
import { dataset, ours } from "./files.ts";

/** Reports of animals that aircraft hit: 10,000 of the Federal Aviation Administration's, 1990 to 2002. */
export class StrikeReports extends ExternalTask {
  override output() {
    return dataset("birdstrikes.csv");
  }
}

/** Airports of the United States, with their codes, from Data.gov. */
export class AirportList extends ExternalTask {
  override output() {
    return dataset("airports.csv");
  }
}

/** Which airport code belongs to a name in the reports: they spell them as nobody else does. Made by hand. */
export class AirportNames extends ExternalTask {
  override output() {
    return ours("faa-airport-names.csv");
  }
}
