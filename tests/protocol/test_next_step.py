"""Pick an account, sign in, or go on: prompt x sessions x hint x max_age.  OpenID Connect Core §3.1.2.3."""

import pytest
from attrs import evolve

from entrada.core.errors import catalogue as why
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.authorize.usable_prompt import Prompt
from entrada.core.protocol.sign_in.next_step import EnterPassword, EnterUsername, PickAccount, Progress, next_step
from tests.protocol.known import ADA, BEN, COMMON, DAY, EVA, NOW, account, said
from tests.protocol.test_authorize_pipeline import GOOD

B, A, E = account(BEN, 1), account(ADA, 2), account(EVA, 3)
OLD = account(BEN, 1, authenticated_at=NumericDate(NOW - DAY))
JUST = account(BEN, 1, authenticated_at=NOW)
BEN_HINT, ADA_HINT = {"login_hint": "BEN@colors.example"}, {"login_hint": "ada@colors.example"}
MAIL_HINT = {"login_hint": "ben.blue@colors.example"}
STRANGER = {"login_hint": "zoe@colors.example"}
NONE, LOGIN, CREATE = {"prompt": Prompt.NONE}, {"prompt": Prompt.LOGIN}, {"prompt": Prompt.CREATE}
SELECT, CONSENT = {"prompt": Prompt.SELECT_ACCOUNT}, {"prompt": Prompt.CONSENT}
BENS_PASSWORD = EnterPassword("ben@colors.example")


def chosen(one: object, **more: object) -> dict[str, object]:
    return {"chosen": one.session.id, **more}  # type: ignore[attr-defined]


# fmt: off
ROWS = [  # what the request says, who is signed in, what was done so far, the next step
    pytest.param({},                       (),      {}, EnterUsername(),                 id="nobody signed in"),
    pytest.param({},                       (B,),    {}, B,                               id="one signed in: silently"),
    pytest.param({},                       (B, A),  {}, PickAccount((B, A)),             id="two signed in"),
    pytest.param({},                       (E,),    {}, EnterUsername(),                 id="only an account of another tenant"),
    pytest.param({},                       (E, B),  {}, B,                               id="one of this tenant beside another's"),
    pytest.param({"authority": COMMON},    (E, B),  {}, PickAccount((E, B)),             id="at /common every tenant's account fits"),
    pytest.param(BEN_HINT,                 (),      {}, EnterPassword("BEN@colors.example"), id="a hint and nobody signed in"),
    pytest.param(BEN_HINT,                 (A, B),  {}, B,                               id="a hint picks, whatever its case"),
    pytest.param(MAIL_HINT,                (A, B),  {}, B,                               id="a hint may be the mail address"),
    pytest.param(STRANGER,                 (A, B),  {}, EnterPassword("zoe@colors.example"), id="a hint that is not signed in"),
    pytest.param(CONSENT,                  (B,),    {}, B,                               id="prompt=consent signs nobody in again"),
    pytest.param({"max_age": 60},          (B,),    {}, B,                               id="max_age, just young enough"),
    pytest.param({"max_age": 59},          (B,),    {}, BENS_PASSWORD,                   id="max_age, one second too old"),
    pytest.param({"max_age": 0},           (B,),    {}, BENS_PASSWORD,                   id="max_age=0 wants the password"),
    pytest.param({"max_age": 10, **BEN_HINT}, (A, B), {}, EnterPassword("BEN@colors.example"), id="a hint, too old"),
    pytest.param({"max_age": 10},          (A, B),  {}, PickAccount((A, B)),             id="max_age with two: pick first"),

    pytest.param(LOGIN,                    (B,),    {}, EnterUsername(),                 id="prompt=login forgets who is signed in"),
    pytest.param({**LOGIN, **BEN_HINT},    (B,),    {}, EnterPassword("BEN@colors.example"), id="prompt=login with a hint"),
    pytest.param(CREATE,                   (B,),    {}, EnterUsername(),                 id="prompt=create shows the sign-in"),
    pytest.param(SELECT,                   (),      {}, EnterUsername(),                 id="prompt=select_account and nobody to select"),
    pytest.param(SELECT,                   (B,),    {}, PickAccount((B,)),               id="prompt=select_account with one"),
    pytest.param(SELECT,                   (E,),    {}, EnterUsername(),                 id="prompt=select_account, another tenant's"),

    pytest.param(NONE,                     (),      {}, why.NO_SESSION,                  id="prompt=none and nobody"),
    pytest.param(NONE,                     (B,),    {}, B,                               id="prompt=none and one"),
    pytest.param(NONE,                     (B, A),  {}, why.SELECT_USER_ACCOUNT,         id="prompt=none and several"),
    pytest.param(NONE,                     (E,),    {}, why.NO_SESSION,                  id="prompt=none and another tenant's"),
    pytest.param({**NONE, **ADA_HINT},     (B, A),  {}, A,                               id="prompt=none with a hint"),
    pytest.param({**NONE, **STRANGER},     (B, A),  {}, why.SESSION_NOT_FOUND,           id="prompt=none with a stranger's hint"),
    pytest.param({**NONE, **ADA_HINT},     (),      {}, why.SESSION_NOT_FOUND,           id="prompt=none with a hint and nobody"),
    pytest.param({**NONE, "max_age": 59},  (B,),    {}, why.NO_SESSION,                  id="prompt=none, too old"),
    pytest.param(NONE,                     (),      {"username": "ben@colors.example"}, why.NO_SESSION, id="prompt=none never asks, whatever was typed"),
    pytest.param(NONE,                     (),      chosen(B), why.NO_SESSION,           id="prompt=none never asks, whatever was picked"),

    pytest.param({},                       (),      {"username": "ben@colors.example"}, BENS_PASSWORD, id="a name was typed"),
    pytest.param({},                       (B,),    {"username": "ada@colors.example"}, EnterPassword("ada@colors.example"), id="another name was typed"),
    pytest.param({},                       (B,),    {"another": True}, EnterUsername(),  id="another account"),
    pytest.param(BEN_HINT,                 (B,),    {"another": True}, EnterUsername(),  id="another account, whatever the hint"),
    pytest.param({},                       (B, A),  chosen(A), A,                        id="picked"),
    pytest.param(SELECT,                   (B, A),  chosen(A), A,                        id="picked, as prompt=select_account wants"),
    pytest.param({},                       (B,),    chosen(A), EnterUsername(),          id="picked, and signed out meanwhile"),
    pytest.param({},                       (E,),    chosen(E), why.ACCOUNT_NOT_IN_TENANT, id="signed in with another tenant's account"),
    pytest.param(LOGIN,                    (B,),    chosen(B), BENS_PASSWORD,            id="prompt=login: picking is not signing in"),
    pytest.param(LOGIN,                    (JUST,), chosen(JUST), JUST,                  id="prompt=login: signed in for this request"),
    pytest.param({"max_age": 0},           (JUST,), chosen(JUST), JUST,                  id="max_age=0: signed in for this request"),
    pytest.param({"max_age": 10},          (OLD,),  chosen(OLD), BENS_PASSWORD,          id="picked, too old"),
    pytest.param({},                       (OLD,),  chosen(OLD), OLD,                    id="picked, old but good enough"),
]
# fmt: on


@pytest.mark.parametrize(("request_says", "accounts", "done", "step"), ROWS)
def test_the_next_step(request_says, accounts, done, step):
    progress = Progress(started_at=NumericDate(NOW - 5), **done)
    assert said(next_step(evolve(GOOD, **request_says), accounts, progress, NOW)) == step


# fmt: off
FACTOR = [  # seconds since the password, did the request come before it, is it asked again
    pytest.param(600, True,  False, id="ten minutes"),
    pytest.param(601, True,  True,  id="a second more"),
    pytest.param(1,   False, True,  id="before this request"),
]
# fmt: on


@pytest.mark.parametrize(("age", "before", "again"), FACTOR)
def test_a_password_counts_for_its_own_request_and_ten_minutes(age, before, again):
    at = NumericDate(NOW - age)
    progress = Progress(started_at=NumericDate(at if before else at + 1), chosen=B.session.id)
    signed_in = account(BEN, 1, authenticated_at=at)
    step = next_step(evolve(GOOD, prompt=Prompt.LOGIN), (signed_in,), progress, NOW)
    assert step == (BENS_PASSWORD if again else signed_in)
