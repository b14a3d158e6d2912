"""Makes a range of Luigi of each JSON line on stdin and writes what it requires and measures, as a JSON line, to stdout.

A line is {"kind", "isBulk", "start", "stop", "now", "back", "forward", "interval", "reverse", "taskLimit", "tag", "every"}: texts
for start and stop, or null; every n-th moment is complete, none for 0.
The answer is {"ids", "delay", "count", "fraction"}, or {"error"}.
"""

import datetime
import json
import sys
import warnings

import luigi
from luigi.tools import range as ranges

warnings.simplefilter("ignore")

EPOCH = datetime.datetime(1970, 1, 1)
MONTH = "monthly"


def number_of(moment, kind):
    """The number of a moment among all of its kind."""
    if kind == MONTH:
        return 12 * (moment.year - 1970) + moment.month - 1
    at = datetime.datetime(*moment.timetuple()[:5])
    seconds = {"daily": 86400, "hourly": 3600, "minutes": 60}[kind]
    return int((at - EPOCH).total_seconds()) // seconds


class Ranged(luigi.Task):
    tag = luigi.IntParameter(default=0, positional=False)
    every = luigi.IntParameter(default=0, positional=False, significant=False)
    kind = ""

    def complete(self):
        return self.every > 0 and number_of(self.at, self.kind) % self.every == 0


class Daily(Ranged):
    at = luigi.DateParameter()
    kind = "daily"


class Hourly(Ranged):
    at = luigi.DateHourParameter()
    kind = "hourly"


class Minutely(Ranged):
    at = luigi.DateMinuteParameter()
    kind = "minutes"


class Monthly(Ranged):
    at = luigi.MonthParameter()
    kind = MONTH


def in_bulk(cls):
    class Bulk(cls):
        @classmethod
        def bulk_complete(klass, parameter_tuples):
            return [at for at in parameter_tuples if klass(at).complete()]

    Bulk.__name__ = cls.__name__ + "Bulk"
    return Bulk


KINDS = {
    "daily": (Daily, in_bulk(Daily), ranges.RangeDailyBase, ranges.RangeDaily, "days"),
    "hourly": (Hourly, in_bulk(Hourly), ranges.RangeHourlyBase, ranges.RangeHourly, "hours"),
    "minutes": (Minutely, in_bulk(Minutely), ranges.RangeByMinutesBase, ranges.RangeByMinutes, "minutes"),
    MONTH: (Monthly, Monthly, ranges.RangeMonthly, ranges.RangeMonthly, "months"),
}

measured = {}
for name, event in [
    ("delay", ranges.RangeEvent.DELAY),
    ("count", ranges.RangeEvent.COMPLETE_COUNT),
    ("fraction", ranges.RangeEvent.COMPLETE_FRACTION),
]:
    ranges.RangeBase.event_handler(event)(lambda _, value, name=name: measured.__setitem__(name, value))


def describe(given):
    plain, bulk, base_range, bulk_range, unit = KINDS[given["kind"]]
    range_class = bulk_range if given["isBulk"] else base_range
    knobs = {
        "of": bulk if given["isBulk"] else plain,
        "of_params": {"tag": given["tag"], "every": given["every"]},
        "reverse": given["reverse"],
        "task_limit": given["taskLimit"],
        "now": given["now"],
        unit + "_back": given["back"],
        unit + "_forward": given["forward"],
    }
    if given["kind"] == "minutes":
        knobs["minutes_interval"] = given["interval"]
    parameters = dict(range_class.get_params())
    for name in ("start", "stop"):
        if given[name] is not None:
            knobs[name] = parameters[name].parse(given[name])
    measured.clear()
    try:
        required = range_class(**knobs).requires()
    except luigi.parameter.ParameterException as error:
        return {"error": str(error)}
    return {"ids": [task.task_id for task in required], **measured}


for line in sys.stdin:
    print(json.dumps(describe(json.loads(line))))
