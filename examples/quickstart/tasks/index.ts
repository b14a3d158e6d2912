export { CleanAirports } from "./clean-airports.ts";
export { CleanStrikes } from "./clean-strikes.ts";
export { AirportList, AirportNames, StrikeReports } from "./inputs.ts";
export { LoadAirports } from "./load-airports.ts";
export { LoadStrikes } from "./load-strikes.ts";
export { Report } from "./report.ts";
export { SumStrikes } from "./sum-strikes.ts";
