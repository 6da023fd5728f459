"""What a release sealed must open in every later one: `vectors/sealed/v1.json` is written once and never again."""

import json
from pathlib import Path

import pytest

from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.sealing.keyring import Keyring, Opened
from entrada.core.sealing.keys import MasterKey
from entrada.core.sealing.payload import Payload, pack, unpack

GOLDEN = json.loads((Path(__file__).parents[1] / "vectors/sealed/v1.json").read_text())
KEYRING = Keyring(MasterKey.parse(GOLDEN["master_key"]))
CASES = [pytest.param(case, id=case["name"]) for case in GOLDEN["cases"]]


class Code(Payload, frozen=True):
    """The payload that the packed case holds."""

    client_id: str
    issued_at: int
    scope: tuple[str, ...] = ()
    nonce: str | None = None
    challenge: bytes | None = None


@pytest.mark.parametrize("case", CASES)
def test_it_opens(case):
    opened = KEYRING.open(
        case["artefact"],
        purpose=case["purpose"],
        now=NumericDate(case["opened_at"]),
        lifetime=Seconds(case["lifetime"]),
        max_length=2048,
    )
    assert opened == Opened(case["tenant"], bytes.fromhex(case["payload"]))


@pytest.mark.parametrize("case", CASES)
def test_it_is_sealed_the_same_today(case):
    where = {"purpose": case["purpose"], "tenant": case["tenant"]}
    payload, then = bytes.fromhex(case["payload"]), NumericDate(case["sealed_at"])
    if case["nonce"] is None:
        assert KEYRING.seal_deterministic(payload, **where, at=then) == case["artefact"]
    else:
        assert KEYRING.seal(payload, **where, now=then, nonce=bytes.fromhex(case["nonce"])) == case["artefact"]


def test_the_lasting_key_is_still_the_same():
    lasting = GOLDEN["lasting_key"]
    assert KEYRING.lasting_key(purpose=lasting["purpose"], tenant=lasting["tenant"]).hex() == lasting["key"]


def test_a_packed_payload_still_reads():
    (packed,) = (case["payload"] for case in GOLDEN["cases"] if case["name"] == "a packed payload")
    code = Code("c0105000-0000-4000-8000-00000000e951", 1_800_000_000, ("openid", "profile"), None, bytes(range(32)))
    assert unpack(bytes.fromhex(packed), Code) == code
    assert pack(code).hex() == packed
