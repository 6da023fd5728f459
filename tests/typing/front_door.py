"""The package as its users see it; type-checked, never run."""

from typing import assert_type

import entrada

assert_type(entrada.__version__, str)
