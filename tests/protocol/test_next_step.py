"""Pick an account, sign in, or go on: prompt x sessions x hint x max_age.  OpenID Connect Core §3.1.2.3."""

import pytest
from attrs import evolve

from entrada.core.directory.user import Authenticator, PasswordCredential
from entrada.core.errors import catalogue as why
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.authorize.usable_prompt import Prompt
from entrada.core.protocol.claims_request import ClaimsRequest
from entrada.core.protocol.sign_in.enrolling import Enrolling
from entrada.core.protocol.sign_in.next_step import (
    Admit,
    ChangePassword,
    EnterCode,
    EnterPassword,
    EnterUsername,
    PickAccount,
    Progress,
    SaveRecoveryCodes,
    SetUpAuthenticator,
    next_step,
)
from entrada.core.protocol.sign_in.proof import Claimant, prove
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
    pytest.param(NONE,                     (E,),    {}, why.ACCOUNTS_OF_OTHER_TENANTS,   id="prompt=none and another tenant's"),
    pytest.param({**NONE, "session_id": A.session.id}, (B, A), {}, A,                    id="prompt=none with a sid"),
    pytest.param({**NONE, "session_id": A.session.id}, (B,),   {}, why.SESSION_NOT_FOUND, id="prompt=none with the sid of nobody here"),
    pytest.param({**NONE, "session_id": E.session.id}, (B, E), {}, why.SESSION_UNSUITABLE, id="prompt=none with the sid of another tenant's"),
    pytest.param({**NONE, "session_id": B.session.id, "max_age": 59}, (B,), {}, why.NO_SESSION, id="prompt=none with a sid, too old"),
    pytest.param({"session_id": A.session.id}, (B, A), {}, A,                            id="a sid picks"),
    pytest.param({"session_id": E.session.id}, (B, A), {}, PickAccount((B, A)),          id="a sid of nobody here says nothing"),
    pytest.param({"authority": COMMON, "domain_hint": "Petals.example"}, (B, E), {}, E,  id="a domain hint picks"),
    pytest.param({**NONE, "authority": COMMON, "domain_hint": "petals.example"}, (B, E), {}, E, id="prompt=none with a domain hint"),
    pytest.param({"authority": COMMON, "domain_hint": "organizations"}, (B, E), {}, PickAccount((B, E)), id="a domain hint that every account fits"),
    pytest.param({**SELECT, "authority": COMMON, "domain_hint": "petals.example"}, (B, E), {}, PickAccount((B, E)), id="prompt=select_account shows them all"),
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


# ---- the second factor, and the password that must change ----

PHONE = Authenticator(sealed_secret="sealed", added_at=NOW)
INITIAL = PasswordCredential(hash="$argon2id$…", changed_at=NOW, must_change=True)
TEN_MINUTES_AGO, BEFORE = NumericDate(NOW - 600), NumericDate(NOW - 601)
MFA = ("pwd", "otp", "mfa")
STEP_UP = {"claims": ClaimsRequest(auth_contexts=("c1",))}
CHALLENGED = {"claims": ClaimsRequest(challenged=True)}
SHOWN = Enrolling(user_id=BEN.id, secret=b"s", recovery_codes=("AAAA",))
CONFIRMED = evolve(SHOWN, confirmed_step=1)
PAGES = {"code": EnterCode, "set up": SetUpAuthenticator, "new password": ChangePassword, "admit": Admit}
# What stands between somebody and a session or an answer: said of a proof, and of a session, in one table.
# fmt: off
FACTORS = [  # the user, methods, is a factor required, what the request says, the page
    pytest.param({},                           ("pwd",), False, {},                            None,           id="a password is enough"),
    pytest.param({},                           ("pwd",), True,  {},                            "set up",       id="required, and no authenticator"),
    pytest.param({"authenticator": PHONE},     ("pwd",), True,  {},                            "code",         id="required, and an authenticator"),
    pytest.param({"authenticator": PHONE},     ("pwd",), False, {},                            None,           id="an authenticator nobody asks for"),
    pytest.param({"authenticator": PHONE},     MFA,      True,  {},                            None,           id="required, and proved"),
    pytest.param({"authenticator": PHONE},     ("pwd",), False, STEP_UP,                       "code",         id="an authentication context"),
    pytest.param({"authenticator": PHONE},     MFA,      False, STEP_UP,                       None,           id="an authentication context, met"),
    pytest.param({"authenticator": PHONE},     ("pwd",), False, CHALLENGED,                    "code",         id="a challenge sent back"),
    pytest.param({"authenticator": PHONE},     ("pwd",), False, {"acr_values": ("0", "c99")},  "code",         id="acr_values with a context"),
    pytest.param({"authenticator": PHONE},     ("pwd",), False, {"acr_values": ("mfa",)},      "code",         id="acr_values in a plain word"),
    pytest.param({"authenticator": PHONE},     ("pwd",), False, {"acr_values": ("c0", "c100", "C1", "silver")}, None, id="acr_values that nobody knows are voluntary"),
    pytest.param({"password": INITIAL},        ("pwd",), False, {},                            "new password", id="the password must change"),
    pytest.param({"password": INITIAL, "authenticator": PHONE}, ("pwd",), True, {},            "code",         id="the code before the new password: a thief must not replace it"),
    pytest.param({"password": INITIAL, "authenticator": PHONE}, ("pwd",), False, {},           "code",         id="nor where nobody asks for one"),
]
# fmt: on


@pytest.mark.parametrize("required", [True, False])
def test_a_new_password_takes_a_code_of_this_very_sign_in(required):
    """However strong the session is: whoever finds a browser open may know the old password."""
    signed_in = strong({"password": INITIAL, "authenticator": PHONE}, MFA, required)
    step = next_step(GOOD, (signed_in,), Progress(started_at=NOW), NOW)
    assert step == EnterCode(signed_in.claimant)
    claimant = evolve(signed_in.claimant, proof=signed_in.claimant.proof_of(MFA, NOW))
    assert next_step(GOOD, (signed_in,), Progress(started_at=NOW), NOW, claimant) == ChangePassword(claimant)


@pytest.mark.parametrize(("user", "methods", "required", "request_says", "page"), FACTORS)
def test_what_a_proof_still_lacks(user, methods, required, request_says, page):
    claimant = claims(evolve(BEN, **user), methods, required)
    step = next_step(evolve(GOOD, **request_says), (), Progress(started_at=NOW), NOW, claimant)
    assert step == PAGES[page or "admit"](claimant)


@pytest.mark.parametrize(("user", "methods", "required", "request_says", "page"), FACTORS)
def test_what_a_session_still_lacks(user, methods, required, request_says, page):
    signed_in = strong(user, methods, required)
    step = next_step(evolve(GOOD, **request_says), (signed_in,), Progress(started_at=NOW), NOW)
    assert step == (PAGES[page](signed_in.claimant) if page else signed_in)


SILENT = {"code": why.SECOND_FACTOR_FORBIDDEN, "set up": why.AUTHENTICATOR_FORBIDDEN}
SILENT |= {"new password": why.PASSWORD_CHANGE_FORBIDDEN}


@pytest.mark.parametrize(("user", "methods", "required", "request_says", "page"), FACTORS)
def test_what_prompt_none_answers_instead(user, methods, required, request_says, page):
    signed_in, asked = strong(user, methods, required), evolve(GOOD, prompt=Prompt.NONE, **request_says)
    proved = claims(evolve(BEN, **user), methods, required)
    for proof in (None, proved):  # a proof is no session: under prompt=none it opens none
        step = next_step(asked, (signed_in,), Progress(started_at=NOW), NOW, proof)
        assert said(step) == (SILENT[page] if page else signed_in)


# fmt: off
ENROLLING = [  # when the password was entered, what is being set up, the step
    pytest.param(TEN_MINUTES_AGO, None,                                  SetUpAuthenticator, id="nothing yet"),
    pytest.param(TEN_MINUTES_AGO, SHOWN,                                 SetUpAuthenticator, id="shown"),
    pytest.param(TEN_MINUTES_AGO, CONFIRMED,                             SaveRecoveryCodes,  id="confirmed"),
    pytest.param(TEN_MINUTES_AGO, evolve(CONFIRMED, user_id=ADA.id),     SetUpAuthenticator, id="somebody else's"),
    pytest.param(BEFORE,          CONFIRMED,                             EnterPassword,      id="the password was entered too long ago"),
]
# fmt: on


@pytest.mark.parametrize(("entered_at", "enrolling", "kind"), ENROLLING)
def test_setting_up_an_authenticator_wants_a_fresh_password(entered_at, enrolling, kind):
    # Whoever finds a browser open must not make its account their own.
    signed_in = evolve(account(BEN, 1, authenticated_at=entered_at), second_factor_required=True)
    step = next_step(GOOD, (signed_in,), Progress(started_at=NOW, enrolling=enrolling), NOW)
    assert type(step) is kind


OLD_PHONE = evolve(PHONE, added_at=NumericDate(NOW - DAY))
# fmt: off
REPLACING = [  # the authenticator, methods, proved in this sign-in or by the session, the step
    pytest.param(OLD_PHONE, MFA,      False, EnterPassword,      id="a session proves nothing, however strong"),
    pytest.param(OLD_PHONE, ("pwd",), True,  EnterCode,          id="the old one's code first"),
    pytest.param(OLD_PHONE, MFA,      True,  SetUpAuthenticator, id="then the new one, while the old one is there"),
    pytest.param(PHONE,     MFA,      True,  Admit,              id="the new one is there"),
    pytest.param(None,      ("pwd",), True,  SetUpAuthenticator, id="there is none to replace"),
]
# fmt: on


@pytest.mark.parametrize(("authenticator", "methods", "proved", "kind"), REPLACING)
def test_another_authenticator_takes_the_place_of_the_old_one(authenticator, methods, proved, kind):
    user = evolve(BEN, authenticator=authenticator)
    proof = prove(user, NOW, methods, keep=False, now=NOW)
    claimant = evolve(claims(user, methods, required=False), proof=proof) if proved else None
    signed_in = account(user, 1, authenticated_at=NOW, methods=methods)
    step = next_step(GOOD, (signed_in,), Progress(started_at=NOW, replacing=True), NOW, claimant)
    assert type(step) is kind


def test_a_proof_comes_before_whoever_else_is_signed_in():
    claimant = claims(ADA, MFA, required=True)
    assert next_step(evolve(GOOD, **BEN_HINT), (B,), Progress(started_at=NOW), NOW, claimant) == Admit(claimant)


def test_somebody_else_starts_from_nothing():
    done = Progress(started_at=NOW, chosen=B.session.id, username="ben@colors.example", enrolling=SHOWN, consented=True)
    assert done.with_another() == Progress(started_at=NOW, another=True)


def claims(user, methods, required):
    return Claimant(user=user, authenticated_at=NOW, methods=methods, keep=False, second_factor_required=required)


def strong(user, methods, required):
    signed_in = account(evolve(BEN, **user), 1, authenticated_at=NOW, methods=methods)
    return evolve(signed_in, second_factor_required=required)
