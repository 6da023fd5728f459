"""The file of the profiles: read strictly, replaced as a whole, never over what cannot be read."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from attrs import evolve

from entrada.cli.data_folder import development_folder
from entrada.cli.profiles.file import Profiles, profiles_path
from entrada.cli.profiles.lines import line_of
from entrada.cli.profiles.members import read_profile, written
from entrada.cli.profiles.profile import Kind
from entrada.cli.profiles.words import FlowName, parse_flow, parse_scopes
from entrada.client.errors import StorageError

CLIENT = "c0105000-0000-4000-8000-000000000c11"
GOOD = {"id": "a1", "name": "Graph", "tenant": "colors.example", "clientId": CLIENT}
ALL = {
    "id": "b2",
    "name": "all of it",
    "instance": "china",
    "tenant": "c0105000-0000-4000-8000-000000000001",
    "clientId": CLIENT,
    "scopes": ["https://graph.microsoft.com/.default"],
    "flow": "client-credentials",
    "authentication": {"kind": "certificate", "file": "/etc/cert.pem"},
    "redirectUri": "http://localhost:8400",
    "caFile": "/etc/ca.pem",
    "createdAt": "2026-11-21T22:00:00Z",
    "updatedAt": "2026-11-21T22:00:00Z",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "profiles.json"


def put(path: Path, document: object) -> Profiles:
    path.parent.mkdir(exist_ok=True)
    path.write_text(document if isinstance(document, str) else json.dumps(document, indent=2))
    path.chmod(0o600)
    return Profiles(path)


def holding(path: Path, *profiles: object, **members: object) -> Profiles:
    return put(path, {"version": 1, "profiles": [*profiles], **members})


def test_what_is_written_is_read_again(path):
    kept = Profiles(path)
    assert kept.all() == ()
    both = (read_profile(GOOD | {"authentication": {"kind": "none"}}), read_profile(ALL))
    kept.change(lambda _: both)
    assert kept.all() == both
    assert [written(one) for one in kept.all()] == [GOOD | {"authentication": {"kind": "none"}}, ALL]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {one.name for one in path.parent.iterdir()} == {"profiles.json", "profiles.json.lock"}


def test_names_are_found_in_any_case(path):
    kept = holding(path, GOOD)
    assert kept.find("gRAPH") == kept.all()[0]
    assert kept.find("graphs") is None


def test_an_id_is_made_for_a_profile_written_by_hand_and_stays(path):
    by_hand = {name: value for name, value in GOOD.items() if name != "id"}
    kept = holding(path, by_hand)
    made = kept.all()[0].id
    kept.change(lambda before: tuple(evolve(one, name="renamed") for one in before))
    assert kept.find("renamed").id == made


# fmt: off
FAULTS = [  # what the file holds, and what is said of it
    pytest.param({"version": 1, "profiles": [GOOD | {"scope": "x"}]},   "line 9: \"scope\" of the profile 'Graph' is not known", id="a member misspelled"),
    pytest.param({"version": 1, "profiles": [GOOD | {"scopes": "x"}]},  'line 9: "scopes"', id="a text for a list"),
    pytest.param({"version": 1, "profiles": [GOOD | {"tenant": "a b"}]}, 'line 7: "tenant"', id="a tenant that is none"),
    pytest.param({"version": 1, "profiles": [GOOD | {"issuer": "https://a.example"}]}, "is said beside issuer", id="two authorities"),
    pytest.param({"version": 1, "profiles": [GOOD | {"clientId": "x"}]}, 'line 8: "clientId" .* GUID', id="a client id that is no GUID"),
    pytest.param({"version": 1, "profiles": [GOOD | {"flow": "magic"}]}, 'line 9: "flow"', id="an unknown flow"),
    pytest.param({"version": 1, "profiles": [GOOD | {"flow": "client-credentials"}]}, 'line 9: "flow"', id="no credentials for the flow"),
    pytest.param({"version": 1, "profiles": [GOOD | {"authentication": {"kind": "certificate"}}]}, "in which file", id="a certificate without a file"),
    pytest.param({"version": 1, "profiles": [GOOD | {"authentication": {"kind": "secret", "secret": "s3cr"}}]}, 'line 11: "authentication.secret"', id="a secret written into it"),
    pytest.param({"version": 1, "profiles": [GOOD, GOOD | {"id": "c", "name": "GRAPH"}]}, "line 12: .*is that of another", id="a name in other letters"),
    pytest.param({"version": 1, "profiles": [GOOD, GOOD | {"name": "copy"}]}, "line 11: .*is that of another", id="one id for two"),
    pytest.param({"version": 1, "profiles": [GOOD | {"instance": "http://a.example"}]}, "not https", id="plain http"),
    pytest.param({"version": 1, "profiles": [7]},     "line 4:", id="a profile that is a number"),
    pytest.param({"version": 1, "profiles": 7},       'line 3: "profiles"', id="profiles that are a number"),
    pytest.param({"version": 1, "x": 7},              '"x"', id="an unknown member of the document"),
    pytest.param({"profiles": []},                    '"version"', id="no version"),
    pytest.param([],                                  "must be an object", id="a bare list, as another tool writes"),
    pytest.param('{"version": 1,\n "profiles": [}',   "line 2: is not JSON", id="cut off"),
    pytest.param('{"version": 1, "version": 1}',      "given twice", id="a member twice"),
    pytest.param("",                                  "is not JSON", id="empty"),
]
# fmt: on


@pytest.mark.parametrize(("document", "said"), FAULTS)
def test_a_fault_is_named_and_nothing_is_written_over_it(path, document, said):
    kept = put(path, document)
    before = path.read_bytes()
    for attempt in (kept.all, lambda: kept.change(lambda _: ())):
        with pytest.raises(StorageError, match=said) as told:
            attempt()
        assert "s3cr" not in str(told.value)
    assert path.read_bytes() == before


def test_who_can_write_it_could_send_the_secret_elsewhere(path):
    kept = holding(path, GOOD)
    path.chmod(0o620)
    with pytest.raises(StorageError, match="chmod go-w"):
        kept.all()


def test_who_can_put_another_file_there_could_too(path, tmp_path):
    kept = holding(path, GOOD)
    path.parent.chmod(0o770)
    for attempt in (kept.all, lambda: kept.change(lambda _: ())):
        with pytest.raises(StorageError, match=f"chmod go-w {path.parent}$"):
            attempt()
    path.parent.chmod(0o1777)  # as /tmp is: each may replace only their own
    assert kept.all()
    path.parent.chmod(0o770)
    link = tmp_path / "link.json"
    link.symlink_to(path)
    with pytest.raises(StorageError, match="chmod go-w"):
        Profiles(link).all()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_of_somebody_else(path, monkeypatch: pytest.MonkeyPatch):
    kept = holding(path, GOOD)
    for place in (path, path.parent):
        os.chown(place, 12345, -1)
        with pytest.raises(StorageError, match="belongs to another user"):
            kept.all()
        os.chown(place, 0, -1)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert kept.all()  # root's may be trusted by everybody


def test_a_pipe_of_that_name_is_waited_for_by_nobody(path):
    path.parent.mkdir()
    os.mkfifo(path)
    with pytest.raises(StorageError, match="is no file"):
        Profiles(path).all()


def test_what_a_newer_version_says_is_kept(path):
    newer = GOOD | {"sign": {"with": "a key"}, "authentication": {"kind": "none", "by": "a token"}}
    kept = put(path, {"version": 2, "profiles": [newer], "colour": "green"})
    kept.change(lambda before: tuple(evolve(one, name="renamed") for one in before))
    document = json.loads(path.read_text())
    assert document == {"version": 2, "profiles": [newer | {"name": "renamed"}], "colour": "green"}


def test_a_link_stays_one(path, tmp_path):
    kept = holding(tmp_path / "dotfiles.json", GOOD)
    path.parent.mkdir()
    path.symlink_to(kept.path)
    Profiles(path).change(lambda _: ())
    assert path.is_symlink()
    assert kept.all() == ()


def test_many_writers_lose_nothing(path):
    def add(number: int) -> None:
        one = read_profile(GOOD | {"id": f"n{number}", "name": f"n{number}"})
        Profiles(path).change(lambda before: (*before, one))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(40)))
    assert len(Profiles(path).all()) == 40


def test_a_folder_that_cannot_be_written_to(path, tmp_path):
    (tmp_path / "folder").write_text("a file")
    with pytest.raises(StorageError, match="cannot be written"):
        Profiles(path).change(lambda _: (read_profile(GOOD),))


def test_where_it_is():
    assert profiles_path({"ENTRADA_PROFILES": "/x/p.json"}) == Path("/x/p.json")
    assert profiles_path({"XDG_CONFIG_HOME": "/x"}) == Path("/x/entrada/profiles.json")
    assert profiles_path({"XDG_CONFIG_HOME": "x"}) == Path.home() / ".config/entrada/profiles.json"


def test_a_relative_place_is_no_place(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_DATA_HOME", "here")
    assert development_folder(None) == Path.home() / ".local/share/entrada/development"


def test_home_is_understood():
    assert read_profile(GOOD | {"caFile": "~/ca.pem"}).ca_file == Path.home() / "ca.pem"


def test_a_managed_identity_needs_nothing_else():
    found = read_profile({"name": "vm", "authentication": {"kind": "managed-identity"}})
    assert (found.proof.kind, found.default_flow) == (Kind.MANAGED_IDENTITY, FlowName.MANAGED_IDENTITY)


@pytest.mark.parametrize("text", ["DeviceCode", "device-code", "device_code", "devicecode", "device code"])
def test_every_spelling_of_a_flow(text):
    assert parse_flow(text) is FlowName.DEVICE_CODE


def test_scopes_with_commas_and_spaces():
    assert parse_scopes("a, b,c  a", "d") == ("a", "b", "c", "d")


def test_lines():
    text = '{"a": [1,\n {"b": "}{[]\\"",\n "c": {}}\n],\n "d": []}'
    assert [line_of(text, path) for path in [("a", 1, "b"), ("a", 1, "c"), ("d",), ("a", 9), ()]] == [2, 3, 5, 1, 1]
