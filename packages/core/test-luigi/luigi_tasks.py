"""Makes a Luigi task of each JSON line on stdin and writes what it is, as a JSON line, to stdout.

A line is {"namespace", "name", "params": [{"name", "type", "options", "significant", "visibility", "text"}]}.
The answer is {"id", "display", "texts", "successors"}, or {"error"}.
"""

import datetime
import enum
import json
import operator
import sys
import warnings

import luigi
from luigi.parameter import ParameterVisibility
from luigi.task_register import Register

warnings.simplefilter("ignore")


class Songs(luigi.Task):
    """Something to name in task parameters."""

    task_namespace = "etl"


TYPES = {
    "string": luigi.Parameter,
    "int": luigi.IntParameter,
    "float": luigi.FloatParameter,
    "numerical": luigi.NumericalParameter,
    "bool": luigi.BoolParameter,
    "date": luigi.DateParameter,
    "month": luigi.MonthParameter,
    "year": luigi.YearParameter,
    "dateHour": luigi.DateHourParameter,
    "dateMinute": luigi.DateMinuteParameter,
    "dateSecond": luigi.DateSecondParameter,
    "dateInterval": luigi.DateIntervalParameter,
    "timeDelta": luigi.TimeDeltaParameter,
    "choice": luigi.ChoiceParameter,
    "choiceList": luigi.ChoiceListParameter,
    "enum": luigi.EnumParameter,
    "enumList": luigi.EnumListParameter,
    "list": luigi.ListParameter,
    "tuple": luigi.TupleParameter,
    "dict": luigi.DictParameter,
    "path": luigi.PathParameter,
    "taskClass": luigi.TaskParameter,
    "optional string": luigi.OptionalParameter,
    "optional int": luigi.OptionalIntParameter,
    "optional float": luigi.OptionalFloatParameter,
    "optional bool": luigi.OptionalBoolParameter,
    "optional list": luigi.OptionalListParameter,
    "optional tuple": luigi.OptionalTupleParameter,
    "optional dict": luigi.OptionalDictParameter,
    "optional choice": luigi.OptionalChoiceParameter,
    "optional path": luigi.OptionalPathParameter,
}

CONVERSIONS = {
    "start": datetime.datetime.fromisoformat,
    "startDate": datetime.date.fromisoformat,
    "enum": lambda members: enum.Enum("Members", members),
    "var_type": {"str": str, "int": int, "float": float}.get,
    "left_op": {"<=": operator.le, "<": operator.lt}.get,
    "right_op": {"<=": operator.le, "<": operator.lt}.get,
}


def make_parameter(declared):
    options = {
        ("start" if name == "startDate" else name): CONVERSIONS.get(name, lambda value: value)(value)
        for name, value in declared["options"].items()
    }
    return TYPES[declared["type"]](
        significant=declared["significant"],
        visibility=ParameterVisibility[declared["visibility"].upper()],
        **options,
    )


def describe(request):
    members = {"task_namespace": request["namespace"]}
    for declared in request["params"]:
        members[declared["name"]] = make_parameter(declared)
    task_class = type(request["name"], (luigi.Task,), members)
    # Looking up a family walks all classes: each is forgotten once it is done with.
    Register._reg.remove(task_class)
    values = {d["name"]: members[d["name"]].parse(d["text"]) for d in request["params"]}
    task = task_class(**values)
    texts = {name: members[name].serialize(value) for name, value in task.param_kwargs.items()}
    successors = {name: successor(members[name], value) for name, value in task.param_kwargs.items()}
    return {"id": task.task_id, "display": str(task), "texts": texts, "successors": successors}


def successor(parameter, value):
    try:
        following = parameter.next_in_enumeration(value)
    except (OverflowError, ValueError):  # It would be beyond the year 9999.
        return None
    return None if following is None else parameter.serialize(following)


for line in sys.stdin:
    try:
        answer = describe(json.loads(line))
    except Exception as error:  # The test shows it beside the request.
        answer = {"error": repr(error)}
    print(json.dumps(answer))
