"""A form with a file, as browsers write it, and every way to spoil one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.errors.reason import Refusal
from entrada.server.web.http.multipart import Upload, parse_multipart

MARK = b"----WebKitFormBoundary7MA4YWxk"


def written(*parts: tuple[bytes, bytes], end: bytes = b"--\r\n") -> bytes:
    return b"".join(b"--" + MARK + b"\r\n" + head + b"\r\n\r\n" + content + b"\r\n" for head, content in parts) + (
        b"--" + MARK + end
    )


def a_field(name: str) -> bytes:
    return f'Content-Disposition: form-data; name="{name}"'.encode()


def a_file(name: str, filename: str = "logo.png") -> bytes:
    return f'{a_field(name).decode()}; filename="{filename}"\r\nContent-Type: image/png'.encode()


def test_fields_and_files_as_a_browser_writes_them():
    read = parse_multipart(written((a_field("text"), "Grüße & =".encode()), (a_file("logo"), b"\x89PNG\r\n\0")), MARK)
    assert isinstance(read, Upload)
    assert dict(read.fields.items()) == {"text": "Grüße & ="}
    assert read.files == {"logo": b"\x89PNG\r\n\0"}


def test_no_file_was_chosen():
    read = parse_multipart(written((a_file("logo", ""), b"")), MARK)
    assert isinstance(read, Upload)
    assert read.files == {}


@given(st.binary(max_size=300))
def test_what_is_in_a_file_stays_as_it_is(content):
    read = parse_multipart(written((a_file("logo"), content)), MARK)
    assert isinstance(read, Upload)
    assert read.files.get("logo", b"") == content


@given(st.binary(max_size=300))
def test_whatever_is_sent_is_read_or_refused(body):
    assert isinstance(parse_multipart(body, MARK), Upload | Refusal)


# fmt: off
SPOILT = [
    pytest.param(b"",                                                                          id="nothing at all"),
    pytest.param(written((a_field("a"), b"1"), end=b"\r\n"),                                    id="the end is missing"),
    pytest.param(b"preamble\r\n" + written((a_field("a"), b"1")),                               id="something stands before the first part"),
    pytest.param(written((a_field("a"), b"1")) + b"more",                                       id="something stands after the last"),
    pytest.param(written((a_field("a"), b"1"), (a_field("a"), b"2")),                           id="a field twice"),
    pytest.param(written((a_file("a"), b"1"), (a_file("a"), b"1")),                             id="a file twice"),
    pytest.param(written((a_field('a"; x="'), b"1")),                                           id="a name that breaks out"),
    pytest.param(written((b"Content-Type: text/plain", b"1")),                                  id="a part without a name"),
    pytest.param(written((a_field("a") + b"\r\n" + a_field("b"), b"1")),                        id="a part with two names"),
    pytest.param(written((a_field("a") + b"\r\nContent-Transfer-Encoding: base64", b"MQ==")),   id="an encoding no browser uses"),
    pytest.param(written((a_field("a"), b"\xff")),                                              id="a field that is not UTF-8"),
    pytest.param(written((a_field("a"), b"\0")),                                                id="a field with NUL"),
    pytest.param(written(*[(a_field(f"a{n}"), b"1") for n in range(60)]),                       id="too many parts"),
]
# fmt: on


@pytest.mark.parametrize("body", SPOILT)
def test_what_no_browser_writes_is_refused(body):
    assert isinstance(parse_multipart(body, MARK), Refusal)
