"""What an expression makes of a secret named value is shown no more than the value: by its text nobody would know it."""

import pytest

from entrada.core.gateway.decide import conclude
from entrada.core.gateway.exchange import Response
from entrada.core.gateway.named_values import NamedValue, by_name
from entrada.core.gateway.shown_exchange import shown_answer, shown_request
from entrada.core.gateway.verdict import Answer, Forward
from tests.gateway.trial import FACTS, ask, gateway, request

VALUES = by_name(NamedValue("key", "S3cr3t-Words", is_secret=True), NamedValue("host", "KEY-Host", is_secret=True))
LOWER = '@(("{{key}}").ToLower())'
FORMS = ("S3cr3t-Words", "s3cr3t-words", "S3cr3t", "s3c", "sdrow-t3rc3s", "key-host", "KEY-Host")


def everything(policies, **sections):
    """That a page may show of it."""
    service = gateway(policies, named_values=VALUES, **sections)
    verdict = ask(service, request())
    parts = [repr(verdict.trace)]
    if isinstance(verdict, Forward):
        parts.append(repr(shown_request(verdict)))
        verdict = conclude(verdict, Response(status=200, headers=(("X-Own", "own"),)), FACTS)
    assert isinstance(verdict, Answer)
    shown = shown_answer(verdict)
    return " ".join((*parts, repr(verdict.trace), repr(shown), shown.body or ""))


@pytest.mark.parametrize(
    "policies",
    [
        f"<set-header name='X-A'><value>{LOWER}</value></set-header>",
        "<set-header name='X-A'><value>@(\"{{key}}\".Substring(0, 3))</value></set-header>",
        "<set-header name='X-A'><value>{{key}}</value></set-header>",
        f"<set-query-parameter name='a'><value>{LOWER}</value></set-query-parameter>",
        "<rewrite-uri template='@(\"/\" + (\"{{key}}\").ToLower())'/>",
        "<rewrite-uri template='/{{key}}'/><rewrite-uri template='/b'/>",
        "<set-backend-service base-url='https://{{host}}.example/x'/>",
        f"<set-variable name='v' value='{LOWER}'/>",
        "<set-variable name='v' value='{{key}}'/><set-header name='X-A'><value>@(((string)context.Variables[\"v\"]).ToLower())</value></set-header>",
        "<set-header name='X-A'><value>{{key}}</value></set-header><set-header name='X-B'><value>@(context.Request.Headers.GetValueOrDefault(\"X-A\", \"\").ToLower())</value></set-header>",
        f"<set-header name='X-A'><value>{LOWER}</value></set-header><set-header name='X-A' exists-action='append'><value>b</value></set-header>",
        f"<return-response><set-header name='X-A'><value>{LOWER}</value></set-header><set-body>{LOWER}</set-body></return-response>",
        f"<return-response><set-status code='200' reason='{LOWER}'/></return-response>",
        f"<check-header name='X-None' failed-check-httpcode='401' failed-check-error-message='{LOWER}' ignore-case='true'/>",
    ],
)  # fmt: skip
def test_nothing_made_of_a_secret_is_shown(policies):
    shown = everything(policies)
    assert not [one for one in FORMS if one in shown], shown
    assert "***" in shown


def test_an_answer_s_headers_count_too():
    shown = everything("", outbound=f"<base/><set-header name='X-A'><value>{LOWER}</value></set-header>")
    assert not [one for one in FORMS if one in shown]
    assert "'X-Own', 'own'" in shown


def test_what_has_no_secret_is_shown():
    shown = everything("<set-header name='X-A'><value>@(\"Open\".ToLower())</value></set-header>")
    assert "('X-A', 'open')" in shown
    assert "http://backend.example" in shown
    assert "***" not in shown
