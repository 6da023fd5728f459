"""The documentation as readers see it, built once."""

import html
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

Read = Callable[[str], str]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As `make check` builds it: a warning fails."""
    folder: Path = tmp_path_factory.mktemp("docs")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
    done = subprocess.run(
        [*command, "-d", str(folder / "doctrees"), str(ROOT / "docs"), str(folder / "html")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "html"


@pytest.fixture(scope="session")
def read(built: Path) -> Read:
    """The words of a built page, without markup and with one space between them."""

    def words(page: str) -> str:
        article = re.search("<article.*?</article>", (built / page).read_text(encoding="utf-8"), re.DOTALL)
        assert article
        return " ".join(html.unescape(re.sub("<[^>]+>", "", article[0])).split())

    return words
