"""One half of a graph whose other half is in typescript-steps.ts: each step needs two of the other language."""

import os

import luigi


class Step(luigi.Task):
    n = luigi.IntParameter()
    folder = luigi.Parameter(significant=False)

    def output(self):
        return luigi.LocalTarget(os.path.join(self.folder, self.task_id))


class TypescriptStep(Step, luigi.ExternalTask):
    """Made by the other half."""


class PythonStep(Step):
    def requires(self):
        return [TypescriptStep(n=m, folder=self.folder) for m in (self.n - 1, self.n - 2) if m > 0]

    def run(self):
        for needed in self.input():
            assert needed.exists()
        with open(os.path.join(self.folder, "log"), "a") as log:
            log.write(self.task_id + "\n")
        with self.output().open("w") as out:
            out.write("done")


class FailingStep(PythonStep):
    retry_count = 1

    def run(self):
        raise ValueError("this step is broken")


class PythonSteps(luigi.WrapperTask):
    count = luigi.IntParameter()
    folder = luigi.Parameter(significant=False)

    def requires(self):
        return [PythonStep(n=n, folder=self.folder) for n in range(1, self.count + 1)]
