"""The program of the gateway's how-to makes a token that the policy beside it lets in."""

import base64
import subprocess
import sys
import time
from pathlib import Path

from attrs import evolve

from entrada.core.gateway.tokens.claim import RequiredClaim
from entrada.core.gateway.tokens.key import inline_key
from entrada.core.gateway.tokens.validate import Rules, ValidToken, validate
from entrada.core.jose.numeric_date import NumericDate

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "protect-an-api-with-the-gateway.md"
KEY = base64.b64encode(bytes(range(32))).decode()


def test_the_token_of_ones_own_key_is_let_in():
    program = PAGE.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    assert '"…"' in program
    made = subprocess.run(
        [sys.executable, "-c", program.replace("…", KEY)], capture_output=True, text=True, check=True, timeout=60
    ).stdout.strip()
    asked = RequiredClaim(name="admin", values=("true",), match_any=True)
    rules = Rules(keys=(inline_key("", KEY),), claims=(asked,))
    now = NumericDate(int(time.time()))
    assert isinstance(validate(made, rules, now), ValidToken)
    assert not isinstance(validate(made, evolve(rules, claims=(evolve(asked, name="adminx"),)), now), ValidToken)
