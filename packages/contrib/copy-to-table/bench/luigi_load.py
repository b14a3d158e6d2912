"""Luigi's CopyToTable on the file of the benchmark. The last line of its output is what the load took."""

import json
import resource
import sys
import time

import luigi

kind, host, port, user, password, database, path = sys.argv[1:]


class Rows(luigi.ExternalTask):
    def output(self):
        return luigi.LocalTarget(path)


if kind == "postgres":
    from luigi.contrib.postgres import CopyToTable
else:
    from luigi.contrib.mysqldb import CopyToTable


class Load(CopyToTable):
    host = f"{host}:{port}"
    user = user
    password = password
    database = database
    table = "bench"
    columns = [(name, "") for name in ("id", "plays", "score", "title", "played_at", "note")]
    null_values = (None, r"\N")

    def requires(self):
        return Rows()

    def rows(self):
        # The loader for MySQL knows no values that stand for null.
        for row in super().rows():
            yield row if kind == "postgres" else [None if value == r"\N" else value for value in row]


task = Load()
megabytes_before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
start, cpu = time.perf_counter(), time.process_time()
task.run()
load = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}
load["megabytesBefore"] = megabytes_before
load["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(load))
