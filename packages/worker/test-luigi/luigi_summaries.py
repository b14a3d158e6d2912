"""Runs the graph of each JSON line on stdin with Luigi and writes its execution summary, as a JSON line, to stdout.

A graph is {"tasks": [{"family", "params", "outcome", "requires"}], "roots", "elsewhere"}. Tasks require others by their place
in the list; "elsewhere" is a list of [worker, place] for tasks that other workers run meanwhile.
"""

import json
import logging
import sys
import warnings

import luigi
from luigi import scheduler, worker
from luigi.execution_summary import summary

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

GRAPH = {}
DONE = set()


class Job(luigi.Task):
    @property
    def entry(self):
        return GRAPH[self.task_id]

    @property
    def disabled(self):
        return self.entry["outcome"] == "disabled"

    @property
    def resources(self):
        return {"database": 2} if self.entry["outcome"] == "denied" else {}

    def requires(self):
        if self.entry["outcome"] == "requires throws":
            raise RuntimeError("no requirements today")
        return self.entry["required"]

    def complete(self):
        if self.entry["outcome"] == "complete throws":
            raise RuntimeError("cannot tell")
        return self.entry["outcome"] == "done" or self.task_id in DONE

    def run(self):
        if self.entry["outcome"] == "fails":
            raise RuntimeError("boom")
        DONE.add(self.task_id)


class Nothing(Job):
    pass


class Number(Job):
    n = luigi.IntParameter()


class Text(Job):
    name = luigi.Parameter()


class Daily(Job):
    date = luigi.DateParameter()


class Minutely(Job):
    time = luigi.DateMinuteParameter()


class Pair(Job):
    a = luigi.IntParameter()
    b = luigi.Parameter()


class Insignificant(Job):
    a = luigi.IntParameter()
    note = luigi.Parameter(significant=False)


class LongName(Job):
    a_parameter_with_a_name_that_is_longer_than_any_summary_has_room_for = luigi.IntParameter()


class External(Job):
    month = luigi.MonthParameter()
    run = None


CLASSES = {c.__name__: c for c in (Nothing, Number, Text, Daily, Minutely, Pair, Insignificant, LongName, External)}


def run_graph(graph):
    GRAPH.clear()
    DONE.clear()
    tasks = [CLASSES[entry["family"]].from_str_params(entry["params"]) for entry in graph["tasks"]]
    for task, entry in zip(tasks, graph["tasks"]):
        GRAPH[task.task_id] = {**entry, "required": [tasks[place] for place in entry["requires"]]}
    shared = scheduler.Scheduler()
    for name, place in graph["elsewhere"]:
        task = tasks[place]
        shared.add_task(worker=name, task_id=task.task_id, family=task.task_family, params=task.to_str_params())
        shared.get_work(worker=name)
    with worker.Worker(scheduler=shared, worker_id="own_worker") as own:
        for place in graph["roots"]:
            own.add(tasks[place])
        own.run()
    return summary(own)


for line in sys.stdin:
    try:
        answer = {"summary": run_graph(json.loads(line))}
    except Exception as error:  # The test shows it beside the graph.
        answer = {"summary": repr(error)}
    print(json.dumps(answer), flush=True)
