"""A payload type grows at its end, and what either release sealed opens in the other where that is safe."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.sealing.envelope import NotSealed
from entrada.core.sealing.payload import Payload, pack, unpack


class Released(Payload, frozen=True):
    client_id: str
    issued_at: int
    scope: tuple[str, ...] = ()
    nonce: str | None = None


class Newer(Payload, frozen=True):
    client_id: str
    issued_at: int
    scope: tuple[str, ...] = ()
    nonce: str | None = None
    bound_to: bytes | None = None
    uses: int = 1


class Shorter(Payload, frozen=True):
    client_id: str


class Other(Payload, frozen=True):
    client_id: str
    digest: bytes


CODE = Released("app", 1_800_000_000, ("openid",), "n")
text = st.text(st.characters(codec="utf-8"))
released = st.builds(Released, text, st.integers(0, 2**40), st.lists(text).map(tuple), st.none() | text)


@given(released)
def test_what_is_packed_unpacks(value):
    assert unpack(pack(value), Released) == value


def test_names_are_not_written_and_trailing_defaults_neither():
    assert msgspec.msgpack.decode(pack(CODE)) == ["app", 1_800_000_000, ["openid"], "n"]
    assert msgspec.msgpack.decode(pack(Released("app", 7))) == ["app", 7]
    assert msgspec.msgpack.decode(pack(Released("app", 7, nonce="n"))) == ["app", 7, [], "n"]


def test_a_required_field_is_written_whatever_it_holds():
    assert msgspec.msgpack.decode(pack(Released("", 0))) == ["", 0]


@given(released)
def test_an_older_release_s_payload_reads_as_one_with_defaults(value):
    newer = unpack(pack(value), Newer)
    assert (newer.client_id, newer.scope, newer.nonce) == (value.client_id, value.scope, value.nonce)
    assert (newer.bound_to, newer.uses) == (None, 1)


@given(released)
def test_both_releases_write_the_same_bytes_for_the_same_values(value):
    newer = Newer(value.client_id, value.issued_at, value.scope, value.nonce)
    assert pack(newer) == pack(value)


def test_a_limit_the_older_release_does_not_know_is_not_dropped():
    bound = Newer("app", 7, bound_to=b"thumbprint")
    with pytest.raises(NotSealed):
        unpack(pack(bound), Released)


SHAPES = [
    pytest.param(pack(CODE), Other, id="another type's payload"),
    pytest.param(pack(CODE), Shorter, id="more fields than known"),
    pytest.param(pack(Shorter("app")), Released, id="a required field missing"),
    pytest.param(msgspec.msgpack.encode({"client_id": "app", "issued_at": 1}), Released, id="a map"),
    pytest.param(msgspec.msgpack.encode(["app", "1"]), Released, id="a number as text"),
    pytest.param(msgspec.msgpack.encode(["app", 1.5]), Released, id="a fraction"),
    pytest.param(msgspec.msgpack.encode(["app", None]), Released, id="nil for a number"),
    pytest.param(pack(CODE) + b"\x00", Released, id="something after it"),
    pytest.param(pack(CODE)[:-1], Released, id="cut short"),
    pytest.param(b"", Released, id="nothing"),
    pytest.param(b"\xc1", Released, id="no MessagePack"),
    pytest.param(b"\x92\xa1\xff\x01", Released, id="text that is not UTF-8"),
    pytest.param(b"\x91" * 5000, Released, id="arrays 5,000 deep"),
    pytest.param(b"\xdd\xff\xff\xff\xff", Released, id="an array that claims four milliard items"),
]


@pytest.mark.parametrize(("data", "type_"), SHAPES)
def test_another_shape_is_refused(data, type_):
    with pytest.raises(NotSealed):
        unpack(data, type_)


@given(st.binary())
def test_any_bytes_at_all(data):
    try:
        value = unpack(data, Released)
    except NotSealed:
        return
    assert isinstance(value, Released)


def test_a_payload_does_not_change():
    with pytest.raises(AttributeError):
        CODE.client_id = "other"
