"""One-time codes: the vectors of RFC 6238, the window, and what an authenticator application is told."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from entrada.core.credentials import totp
from entrada.core.jose.numeric_date import NumericDate

SECRET = b"12345678901234567890"  # RFC 6238 appendix B
NOW = NumericDate(1_111_111_111)  # step 37037037, one second after it began
# fmt: off
VECTORS = [  # seconds, code (the last six of the RFC's eight digits), step
    (59,             "287082", 1),
    (1_111_111_109,  "081804", 37037036),
    (1_111_111_111,  "050471", 37037037),
    (1_234_567_890,  "005924", 41152263),
    (2_000_000_000,  "279037", 66666666),
    (20_000_000_000, "353130", 666666666),
]
WINDOW = [  # seconds from NOW, the step found for 050471
    pytest.param(-61, None,     id="two steps early"),
    pytest.param(-31, 37037037, id="a step early"),
    pytest.param(0,   37037037, id="in its step"),
    pytest.param(29,  37037037, id="the next step"),
    pytest.param(58,  37037037, id="the end of the next step"),
    pytest.param(59,  None,     id="two steps late"),
]
WRONG = ["", "05047", "0504710", "50471", "050472", "05O471", "\u0660\u0665\u0660\u0664\u0667\u0661", "AAAA-AAAA"]
# fmt: on


@pytest.mark.parametrize(("at", "code", "step"), VECTORS)
def test_the_vectors_of_rfc_6238(at, code, step):
    assert totp.step_of(code, SECRET, NumericDate(at)) == step


@pytest.mark.parametrize(("after", "step"), WINDOW)
def test_a_code_is_good_a_step_to_either_side(after, step):
    assert totp.step_of("050471", SECRET, NumericDate(NOW + after)) == step


@pytest.mark.parametrize("code", WRONG)
def test_what_is_no_code(code):
    assert totp.step_of(code, SECRET, NOW) is None


def test_a_code_may_be_typed_in_groups():
    assert totp.step_of(" 050 471 ", SECRET, NOW) == 37037037


def test_what_the_qr_code_says():
    uri = urlsplit(totp.address(SECRET, "ben@colors.example", "Colors & Co"))
    assert (uri.scheme, uri.netloc, unquote(uri.path)) == ("otpauth", "totp", "/Colors & Co:ben@colors.example")
    assert parse_qs(uri.query) == {"secret": [totp.spelled(SECRET).replace(" ", "")], "issuer": ["Colors & Co"]}


def test_the_secret_can_be_typed():
    assert totp.spelled(SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
