"""The same graphs as in tasks.ts."""

import luigi
from luigi.contrib.external_program import ExternalProgramTask


class Noop(luigi.Task):
    """A task that does nothing but leave an empty file."""

    n = luigi.IntParameter()
    folder = luigi.Parameter()

    def output(self):
        return luigi.LocalTarget(f"{self.folder}/{type(self).__name__}-{self.n}")

    def run(self):
        with self.output().open("w"):
            pass


class Hello(Noop):
    pass


class Leaf(Noop):
    pass


class Independent(luigi.WrapperTask):
    n = luigi.IntParameter()
    folder = luigi.Parameter()

    def requires(self):
        return [Leaf(n, self.folder) for n in range(self.n)]


class FanIn(Noop):
    def requires(self):
        return [Leaf(n, self.folder) for n in range(self.n)]


class Chain(Noop):
    def requires(self):
        return [] if self.n == 0 else Chain(self.n - 1, self.folder)


WIDTH = 50


class Layered(Noop):
    def requires(self):
        below = self.n - WIDTH
        start = below - below % WIDTH
        return [] if below < 0 else [Layered(start + (below + step) % WIDTH, self.folder) for step in (0, 1, 7)]


class LayeredTop(Noop):
    def requires(self):
        return [Layered(self.n - WIDTH + step, self.folder) for step in range(WIDTH)]


class Tree(Noop):
    size = luigi.IntParameter()

    def requires(self):
        children = (2 * self.n + 1, 2 * self.n + 2)
        return [Tree(n=n, size=self.size, folder=self.folder) for n in children if n < self.size]


class Program(ExternalProgramTask):
    n = luigi.IntParameter()
    folder = luigi.Parameter()

    def output(self):
        return luigi.LocalTarget(f"{self.folder}/program-{self.n}")

    def program_args(self):
        return ["touch", self.output().path]


class Programs(Noop):
    def requires(self):
        return [Program(n, self.folder) for n in range(self.n)]
