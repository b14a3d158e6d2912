"""Tasks as Luigi's users write them. Each leaves a file, and a line in a log when it runs."""

import os

import luigi


class Logged(luigi.Task):
    folder = luigi.Parameter(significant=False)

    def output(self):
        return luigi.LocalTarget(os.path.join(self.folder, self.task_id))

    def run(self):
        with open(os.path.join(self.folder, "log"), "a") as log:
            log.write(self.task_id + "\n")
        with self.output().open("w") as out:
            out.write("done")


class Node(Logged):
    """A graph like a tree whose branches meet again: task n needs tasks n // 2 and n // 3."""

    n = luigi.IntParameter()

    def requires(self):
        return [Node(n=m, folder=self.folder) for m in {self.n // 2, self.n // 3} if m > 0]


class Graph(luigi.WrapperTask):
    size = luigi.IntParameter()
    folder = luigi.Parameter(significant=False)

    def requires(self):
        return [Node(n=n, folder=self.folder) for n in range(1, self.size + 1)]


class Settings(Logged):
    seed = luigi.IntParameter()


class Data(Logged):
    magic = luigi.IntParameter()


class Dynamic(Logged):
    """Finds out what it needs while it runs, as in examples/dynamic_requirements.py."""

    def run(self):
        settings = yield Settings(seed=1, folder=self.folder)
        assert settings.exists()
        yield [Data(magic=n, folder=self.folder) for n in range(3)]
        super().run()


class Broken(Logged):
    retry_count = 1

    def run(self):
        raise ValueError("it </script> does not work")


class Absent(luigi.ExternalTask):
    folder = luigi.Parameter(significant=False)

    def output(self):
        return luigi.LocalTarget(os.path.join(self.folder, "absent"))


class Mixed(Logged):
    """Some of it works, some fails, some waits for data that nobody makes."""

    def requires(self):
        return [Broken(folder=self.folder), Absent(folder=self.folder), Node(n=3, folder=self.folder)]


class Batched(Logged):
    day = luigi.IntParameter(batch_method=max)
    max_batch_size = 3


class Batches(luigi.WrapperTask):
    folder = luigi.Parameter(significant=False)

    def requires(self):
        return [Batched(day=day, folder=self.folder) for day in range(1, 7)]


class Talkative(Logged):
    """Shows its progress, and takes messages."""

    accepts_messages = True
    resources = {"voice": 1}

    def run(self):
        self.set_tracking_url("http://example.org/progress")
        self.set_status_message("at work")
        self.set_progress_percentage(42)
        message = self.scheduler_messages.get(timeout=30)
        message.respond("heard " + str(message))
        super().run()
