"""A query option that cannot be followed, and where in it the fault is."""

from entrada.core.directory.administration.problem import Problem, bad, unsupported_query


class Malformed(Exception):
    """Raised inside of the readers of query options, and made a `Problem` where they end."""

    def __init__(self, message: str, at: int | None = None, *, supported: bool = True) -> None:
        super().__init__(message)
        self.message, self.at, self.supported = message, at, supported

    def problem(self, option: str) -> Problem:
        """Well-formed, but nothing that is done here: Graph has a code of its own for that."""
        where = "" if self.at is None else f", at character {self.at + 1}"
        said = f"{option}{where}: {self.message}"
        return bad(said, option) if self.supported else unsupported_query(said, option)


class Wrong(Exception):
    """Carries a problem out of the readers of single options."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem
