"""Why a policy, or one way through it, is left to Python."""


class NotNative(Exception):
    """Caught where ways are followed and where an operation is compiled, and nowhere else."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
