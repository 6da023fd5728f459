"""The lab's own token, as the page makes it: signed by the key that both sides know, and not expired."""

import base64
import time

from joserfc import jwt
from joserfc.jwk import OctKey

from tests.docs.examples import blocks

PAGE = "how-to/protect-an-api-with-the-gateway.md"
KEY = b"a key of thirty-two characters!!"


def test_the_token_of_the_lab_is_signed_by_its_key(capsys):
    (code,) = blocks(PAGE, "python")
    assert '"…"' in code
    exec(code.replace('"…"', repr(base64.b64encode(KEY).decode())), {})
    token = jwt.decode(capsys.readouterr().out.strip(), OctKey.import_key(KEY), algorithms=["HS256"])
    assert token.claims["admin"] is True
    assert token.claims["exp"] > time.time()
