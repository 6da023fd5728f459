"""The OpenAPI file of the Colors API, as it is kept beside this module.

python -m entrada.samples.colors.description > src/entrada/samples/colors/openapi.json
"""

import json
import sys
from pathlib import Path
from typing import Final

from entrada.samples.colors.app import application
from entrada.samples.colors.settings import ColorsSettings

KEPT: Final = Path(__file__).parent / "openapi.json"


def description() -> str:
    """As `entrada up` serves it on its ordinary ports."""
    app = application(ColorsSettings(), bytes)
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(description())
