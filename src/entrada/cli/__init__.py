"""The `entrada` command: one file per command group."""

from entrada.cli.collector import resting

with resting():
    from entrada.cli.main import main

__all__ = ["main"]
