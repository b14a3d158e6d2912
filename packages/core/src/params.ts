// The builders of parameters, for `Task.with({ … })`: what users know as `p`.
export { choice, choiceList, enumListOf, enumOf } from "./params-choices.ts";
export { dict, list, tuple } from "./params-collections.ts";
export { date, month, year } from "./params-dates.ts";
export { optional } from "./params-optional.ts";
export { path } from "./params-path.ts";
export { bool, float, int, numerical, string } from "./params-scalars.ts";
export { dateInterval, timeDelta } from "./params-spans.ts";
export { taskClass } from "./params-task-class.ts";
export { dateHour, dateMinute, dateSecond } from "./params-times.ts";
