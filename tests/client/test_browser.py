"""Which browser is opened, and when there is none."""

import sys
import time

import pytest

from entrada.client.errors import NoBrowser
from entrada.client.interactive.browser import Browser

URL = "https://login.example/authorize?state=a%20b&x=$(touch%20pwned)"


@pytest.fixture
def programs(tmp_path):
    """A folder of them: each writes down what it is given."""
    folder = tmp_path / "bin"
    folder.mkdir()

    def program(name, body="", code=0):
        file = folder / name
        file.write_text(f'#!{sys.executable}\nimport sys, time\nopen({str(tmp_path / name)!r} + ".said", "w").write(repr(sys.argv[1:]))\nprint("noise")\nprint("noise", file=sys.stderr)\n{body}\nsys.exit({code})\n')  # fmt: skip
        file.chmod(0o700)

    program.path = str(folder)
    program.said = lambda name: (
        eval((tmp_path / f"{name}.said").read_text()) if (tmp_path / f"{name}.said").exists() else None
    )
    return program


def opened(programs, platform="linux", **environment):
    Browser({"PATH": programs.path, **environment}, platform)(URL)


def test_browser_is_honoured(programs, capfd):
    programs("mine")
    programs("xdg-open")
    opened(programs, BROWSER="mine --new %s", DISPLAY=":0")
    assert programs.said("mine") == ["--new", URL]
    assert programs.said("xdg-open") is None
    assert capfd.readouterr() == ("", "")


def test_browser_without_a_place_for_the_url_and_one_that_is_not_there(programs):
    programs("second")
    opened(programs, BROWSER="first:second")
    assert programs.said("second") == [URL]


def test_one_that_fails_is_followed_by_the_next(programs):
    programs("xdg-open", code=3)
    programs("firefox")
    opened(programs, DISPLAY=":0")
    assert programs.said("firefox") == [URL]


@pytest.mark.parametrize("screen", ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"])
def test_any_kind_of_screen_will_do(programs, screen):
    programs("xdg-open")
    assert Browser({"PATH": programs.path, screen: "x"}, "linux").is_there()
    assert not Browser({"PATH": programs.path, screen: ""}, "linux").is_there()


def test_a_mac_has_its_own(programs):
    programs("open")
    opened(programs, platform="darwin")
    assert programs.said("open") == [URL]


@pytest.mark.parametrize("environment", [{}, {"BROWSER": "'unclosed"}, {"BROWSER": "nowhere"}, {"DISPLAY": ":0"}])
def test_there_is_none(programs, environment):
    with pytest.raises(NoBrowser, match="device code"):
        opened(programs, **environment)


def test_one_that_runs_on_holds_nobody_up(programs):
    programs("slow", "time.sleep(3)")
    began = time.monotonic()
    opened(programs, BROWSER="slow")
    assert time.monotonic() - began < 2.5
