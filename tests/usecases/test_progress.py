"""How far long work has come."""

from entrada.server.usecases.progress import told
from entrada.server.usecases.yaml_tree import parse_yaml


def test_each_thing_passes_and_the_end_is_told():
    heard = []
    things = list(told(lambda *said: heard.append(said), "counting", range(600), 600))
    assert things == list(range(600))
    assert heard == [("counting", 0, 600), ("counting", 256, 600), ("counting", 512, 600), ("counting", 600, 600)]


def test_reading_a_file_tells_lines():
    heard = []
    parse_yaml("\n".join(f"- {number}" for number in range(2000)), lambda *said: heard.append(said))
    assert {(what, of) for what, _, of in heard} == {("reading, line", 2000)}
    lines = [done for _, done, _ in heard]
    assert lines == sorted(lines)
    assert lines[-1] > 1000
