"""Let the garbage collector rest while modules load: nothing of them is garbage, now or ever.

Looking at them again and again, at the end too, took a sixth of the time of a token that is at hand.
"""

import atexit
import gc
import sys
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType


@contextmanager
def resting() -> Generator[None]:
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_at_work:
            gc.enable()


def loaded(module: str) -> ModuleType:
    if module in sys.modules:
        return sys.modules[module]
    with resting():
        return import_module(module)


@atexit.register
def rest_for_good() -> None:
    """The process ends: the system takes back all of it at once."""
    gc.disable()
    gc.freeze()
