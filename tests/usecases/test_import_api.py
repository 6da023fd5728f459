"""An API is imported whole or not at all: from a text, from a URL, and again."""

import asyncio
import json
from typing import Any, Final

import pytest
from attrs import define, evolve, field

from entrada.core.directory import directory_role as role
from entrada.core.gateway.configuration import PolicyScope
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.ids import ApiId, OperationId
from entrada.core.gateway.openapi.fault import Fault
from entrada.core.gateway.openapi.imported import Imported
from entrada.core.gateway.openapi.refusal import ImportRefused
from entrada.server.egress.answers import Fetched, NotFetched
from entrada.server.usecases.gateway import import_api as reading
from entrada.server.usecases.gateway.apis import find_api
from entrada.server.usecases.gateway.import_api import Document, import_api, put_imported, read_document, read_text
from entrada.server.usecases.gateway.load import load_configuration
from entrada.server.usecases.gateway.policies import save_policy
from tests.gateway.openapi.documents import COLORS, GOOD, KENNEL
from tests.plugins.platforms import InProcess
from tests.usecases.acting import TENANT, activities, audits, ben, program, refused, run

ADMIN: Final = ben(role.GLOBAL_ADMINISTRATOR)
READER: Final = ben(role.GLOBAL_READER)
DOGS: Final = json.dumps(GOOD)
URL: Final = "https://dogs.example/openapi.json"
POLICY: Final = "<policies><inbound><base/></inbound></policies>"


@define
class Way:
    """Out, to one document."""

    text: str = DOGS
    failure: str = ""
    asked: list[str] = field(factory=list[str])

    async def fetch_text(self, url: str) -> Fetched:
        self.asked.append(url)
        if self.failure:
            raise NotFetched(self.failure)
        return Fetched(self.text, "application/json")


@pytest.fixture
def here(in_process: InProcess) -> Any:
    return in_process.platform.here


def document(**changed: Any) -> Document:
    return Document(json.dumps(GOOD | changed))


def configuration(here: Any) -> Any:
    return asyncio.run(load_configuration(here, TENANT))


def operations(here: Any, api: str) -> list[str]:
    return [one.id for one in configuration(here).operations[ApiId(api)]]


def test_an_api_and_its_operations_are_made_in_one_step(here: Any) -> None:
    made = run(import_api(here, ADMIN, Document(KENNEL.read_text()), "kennel", "pets"))
    assert (made.api.noun.path, made.api.noun.service_url) == ("pets", "https://eu.kennel.example/v1")
    assert sorted(operations(here, "kennel")) == sorted(one.id for one in made.operations)
    assert len(made.operations) == 5
    assert made.removed == ()
    assert made.imported.remarks
    assert run(find_api(here, READER, "kennel")) == made.api
    assert made.api.noun.schemas == made.imported.schemas
    assert activities(here) == ["Import API"]
    assert audits(here)[0].targets[0].id.endswith("kennel")


def test_the_colors_are_imported(here: Any) -> None:
    made = run(import_api(here, ADMIN, Document(COLORS.read_text()), "tones", "tones"))
    assert [one.url_template for one in made.operations].count("/colors") == 2


def test_without_a_path_the_title_is_one(here: Any) -> None:
    assert run(import_api(here, ADMIN, document(), "d")).api.noun.path == "dogs"
    assert run(import_api(here, ADMIN, document(info={"title": "Cats"}), "d")).api.noun.path == "dogs"
    assert run(import_api(here, ADMIN, document(), "d", "hounds")).api.noun.path == "hounds"


def test_what_the_author_decides_is_written_along(here: Any) -> None:
    made = run(
        import_api(
            here,
            ADMIN,
            document(),
            "dogs",
            adapted=lambda api: evolve(api, service_url="http://127.0.0.1:1", subscription_required=False),
        )
    )
    again = run(import_api(here, ADMIN, document(servers=[{"url": "https://other.example"}]), "dogs"))
    for one in (made, again):
        assert (one.api.noun.service_url, one.api.noun.subscription_required) == ("http://127.0.0.1:1", False)


def test_an_import_again_keeps_policies_where_the_operation_is_the_same(here: Any) -> None:
    get = GOOD["paths"]["/dogs/{name}"]["get"]
    run(import_api(here, ADMIN, document(paths={"/a": {"get": {}}, "/dogs/{name}": {"get": get}}), "dogs"))
    for name in ("get-a", "get-dogs-name"):
        scope = PolicyScope(api_id=ApiId("dogs"), operation_id=OperationId(name))
        run(save_policy(here, ADMIN, scope, POLICY))
    again = run(
        import_api(here, ADMIN, document(paths={"/dogs/{name}": {"get": {**get, "operationId": "one"}}}), "dogs")
    )
    assert operations(here, "dogs") == ["get-dogs-name"]
    assert [one.id for one in again.removed] == ["get-a"]
    assert [scope.operation_id for scope in configuration(here).policies if scope.operation_id] == ["get-dogs-name"]


def test_a_document_with_faults_changes_nothing(here: Any) -> None:
    found = asyncio.run(import_api(here, ADMIN, document(info={}, servers=3), "dogs"))
    assert isinstance(found, ImportRefused)
    assert [one.pointer for one in found.faults] == ["#/info/title", "#/servers"]
    assert [one.target for one in found.details] == ["#/info/title", "#/servers"]
    assert (found.status, found.target) == (400, "value")
    assert "#/info/title: " in found.message
    assert "(1 more)" in found.message
    assert activities(here) == []


def test_what_does_not_fit_the_gateway_changes_nothing(here: Any) -> None:
    run(import_api(here, ADMIN, document(), "dogs"))
    assert refused(import_api(here, ADMIN, document(), "hounds"))[0] == 400  # the path is taken
    assert refused(import_api(here, ADMIN, document(), "no/id"))[0] == 400
    assert "hounds" not in configuration(here).apis
    assert activities(here) == ["Import API"]


def test_only_who_may_change_the_gateway_makes_us_fetch(here: Any) -> None:
    way = Way()
    away = evolve(here, egress=way)
    for nobody in (READER, ben(), program("Gateway.Read.All")):
        assert refused(import_api(away, nobody, Document(url=URL), "dogs"))[0] == 403
    assert way.asked == []
    run(import_api(away, program("Gateway.ReadWrite.All"), Document(url=URL), "dogs"))
    assert way.asked == [URL]


def test_who_shows_it_first_writes_it_afterwards(here: Any) -> None:
    imported = read_text(DOGS)
    assert isinstance(imported, Imported)
    assert refused(put_imported(here, READER, imported, "dogs"))[0] == 403
    assert run(put_imported(here, ADMIN, imported, "dogs")).api.noun == imported.api(ApiId("dogs"), "dogs")


def test_schemas_of_an_api_may_be_large(here: Any) -> None:
    schemas = {f"S{n}": {"description": "x" * 1000} for n in range(2000)}
    assert len(run(import_api(here, ADMIN, document(components={"schemas": schemas}), "dogs")).api.noun.schemas) == 2000
    kept = next(one for one in configuration(here).apis.values() if one.id == "dogs")
    assert isinstance(kept, Api)
    assert kept.schemas == schemas


# ---- reading ----


def faults(found: Any) -> list[Fault]:
    assert not isinstance(found, Imported)
    return list(found)


def test_relative_servers_are_relative_to_the_url() -> None:
    way: Any = Way(json.dumps(GOOD | {"servers": [{"url": "../v2"}]}))
    found = asyncio.run(read_document(way, Document(url="https://dogs.example/docs/openapi.json")))
    assert isinstance(found, Imported)
    assert found.service_url == "https://dogs.example/v2"


def test_a_document_that_is_not_there() -> None:
    way: Any = Way(failure="it answered 404")
    (fault,) = faults(asyncio.run(read_document(way, Document(url=URL))))
    assert "it answered 404" in fault.what


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PATIENCE", 0.0)
    way: Any = Way()
    (fault,) = faults(asyncio.run(read_document(way, Document(KENNEL.read_text()))))
    assert "too long" in fault.what


def test_the_kennel_in_json_is_the_kennel_in_yaml() -> None:
    from ruamel.yaml import YAML

    yaml: Any = YAML(typ="safe", pure=True)
    tree = json.loads(json.dumps(yaml.load(KENNEL.read_text())))
    assert read_text(json.dumps(tree)) == read_text(KENNEL.read_text())


# fmt: off
TEXTS = [  # the text, in which words it is refused
    pytest.param("",                                    "no object",        id="nothing"),
    pytest.param("# only a comment",                    "no object",        id="a comment"),
    pytest.param("[1, 2]",                              "no object",        id="a list"),
    pytest.param("openapi",                             "no object",        id="a word"),
    pytest.param('{"a": 1,}',                           "Line 1, column ",  id="JSON with a comma too many"),
    pytest.param('{"a": 1, "a": 2}',                    "twice",            id="JSON that says a member twice"),
    pytest.param('{"a": NaN}',                          "not a finite",     id="JSON with a number that is none"),
    pytest.param('{"a": "\\ud800"}',                    "not taken",        id="JSON with half a character"),
    pytest.param('{"a": ' + "[" * 100_000,              "nested",           id="JSON without an end"),
    pytest.param("a: 1\na: 2",                          "Line 2, column 1: The member 'a' is written twice", id="YAML that says a member twice"),
    pytest.param("a: [1",                               "not YAML",         id="YAML that does not close"),
    pytest.param("a: 1\n---\nb: 2",                     "second document",  id="two documents"),
    pytest.param("a: !!python/object:os.system x",      "Tags",             id="a tag"),
    pytest.param("!!map {a: 1}",                        "Tags",             id="a tag of YAML's own"),
    pytest.param("? [a]\n: 1",                          "a word",           id="a name that is a list"),
    pytest.param("a: &x {b: 1}\nc: {<<: *x}",           "Merge keys",       id="a merge"),
    pytest.param("a: &x [*x]",                          "not complete",     id="what holds itself"),
    pytest.param("a: *x",                               "stands for nothing",            id="an alias of nothing"),
    pytest.param('a: "\\uD800"',                        "not Unicode",      id="half a character"),
    pytest.param("a: " + "[" * 3000,                    "deeply",           id="deep in YAML"),
    pytest.param("a: " + "{b: " * 3000,                 "deeply",           id="deep in YAML, by names"),
    pytest.param("\n".join(f"{' ' * n}a:" for n in range(300)), "deeply",   id="deep in YAML, by indentation"),
    pytest.param("x" * 1_100_000,                       "Write it as JSON", id="long YAML"),
    pytest.param("{" + "x" * 5_000_000,                 "as several APIs",  id="too long"),
]
# fmt: on


@pytest.mark.parametrize(("text", "words"), TEXTS)
def test_texts_that_are_not_taken(text: str, words: str) -> None:
    (fault,) = faults(read_text(text))
    assert words in str(fault), fault
    assert fault.pointer == "#"


def test_a_laugh_is_not_repeated_a_billion_times() -> None:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    (fault,) = faults(read_text("\n".join(lines)))
    assert "aliases" in fault.what


def test_aliases_are_taken() -> None:
    found = read_text(
        "openapi: 3.0.0\ninfo: {title: A, description: &d Dogs}\n"
        "paths: {/a: {get: {description: *d, responses: &r {'200': {description: *d}}}}, /b: {get: {responses: *r}}}"
    )
    assert isinstance(found, Imported)
    assert [one.responses[0].description for one in found.operations] == ["Dogs", "Dogs"]


SCALARS = (
    "{a: ~, b: null, c: true, d: False, e: 0x1F, f: 0o17, g: -12, h: 1.5, i: 1e3, j: '1', k: yes, l: 2026-01-31, "
    "m: .inf, n: !  5, o: 1_000, 200: x, p: .5, q: 0b1}"
)


def test_words_are_what_yaml_1_2_says(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = list[Any]()
    monkeypatch.setattr(reading, "read_openapi", lambda tree, *_, **__: seen.append(tree))
    read_text(f"all: {SCALARS}")
    assert seen[0]["all"] == {
        "a": None, "b": None, "c": True, "d": False, "e": 31, "f": 15, "g": -12, "h": 1.5, "i": 1000.0, "j": "1", "k": "yes",
        "l": "2026-01-31", "m": ".inf", "n": "5", "o": "1_000", "200": "x", "p": 0.5, "q": "0b1",
    }  # fmt: skip


def test_yaml_ends_when_it_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entrada.server.usecases.gateway.plain_document.MOST_EVENTS", 500)
    (fault,) = faults(read_text("a: [" + "b, " * 1000 + "]"))
    assert "too large for YAML" in fault.what
