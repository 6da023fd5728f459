"""Which program a User-Agent header names, in words: RFC 9110 §10.1.5."""

import pytest

from entrada.server.web.http.user_agent import in_words

# fmt: off
NAMED = [  # the header, the words
    pytest.param("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux", id="Firefox"),
    pytest.param("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge on Windows", id="Edge names Chrome and Safari too"),
    pytest.param("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome on Android", id="Android names Linux too"),
    pytest.param("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1", "Safari on iPhone", id="an iPhone is like a Mac"),
    pytest.param("python-requests/2.32.5",                                 "python-requests",             id="MSAL Python"),
    pytest.param("azsdk-python-identity/1.27.0 Python/3.11.2 (Linux-6.1)", "azsdk-python-identity on Linux", id="azure-identity"),
    pytest.param("curl/8.14.1",                                            "curl",                        id="curl"),
    pytest.param("",                                                       "a program without a name", id="nothing"),
    pytest.param("x" * 300,                                                "x" * 40,                      id="no end"),
]
# fmt: on


@pytest.mark.parametrize(("header", "words"), NAMED)
def test_a_program_in_words(header, words):
    assert in_words(header) == words
