"""What the account pages are shown with, beside those of `page_contexts`."""

from tests.browser.page_contexts import (
    ADA,
    BEN,
    EVERYDAY,
    HTML,
    LONG_TEXT,
    LONG_WORD,
    NASTY,
    NASTY_PEOPLE,
    RTL,
    Context,
)

# fmt: off
READS: list[Context] = [
    {"name": "Sign you in and read your profile", "description": "You can sign in to the app, and it reads your profile.", "resource": "Microsoft Graph", "admin": False, "for_all": False},
    {"name": "Read colors", "description": "The app reads colors for you.", "resource": "Colors API", "admin": False, "for_all": True},
]
SESSIONS: list[Context] = [
    {"key": "s1", "program": "Firefox on Linux", "address": "192.0.2.7", "when": "14 March 2026, 09:26 UTC", "ends": "12 June 2026", "persistent": True, "second_factor": True, "apps": ["repsys", "Sample SPA"], "present": True},
    {"key": "s2", "program": "Safari on iPhone", "address": "2001:db8::7", "when": "2 March 2026, 18:02 UTC", "ends": "31 May 2026", "persistent": False, "second_factor": False, "apps": [], "present": False},
]
ACCOUNT: Context = {
    **EVERYDAY, "person": BEN, "others": [], "sign_in": "/common/account/signin", "set_up": "/common/account/signin?acr_values=mfa",
    "notice": None, "frontchannel": [], "problem_in": None, "problem_text": None, "sessions": SESSIONS, "older_sessions": [], "more_sessions": 0,
    "is_fresh": True, "ending": None, "password_changed": "3 January 2026", "authenticator_added": None, "recovery_codes": 0, "factor_required": False,
    "guest_of": None, "organization": "c0105000-0000-4000-8000-000000000001",
    "consents": [{"key": "p1", "name": "repsys", "own": True, "permissions": READS}],
}
NASTY_ACCOUNT: Context = {
    **NASTY, "person": NASTY_PEOPLE[1], "others": NASTY_PEOPLE, "notice": HTML,
    "frontchannel": ["http://app.localhost/frontchannel?sid=1&x='"], "is_fresh": False, "more_sessions": 1000,
    "sessions": [{**SESSIONS[0], "program": LONG_WORD, "address": LONG_WORD, "apps": [RTL, HTML, LONG_WORD]}, {**SESSIONS[1], "program": HTML, "address": ""}],
    "guest_of": f"{LONG_WORD} {HTML}", "organization": '"><b>',
    "consents": [{"key": '"x', "name": f"{LONG_WORD} {HTML}", "own": False, "permissions": [
        {"name": LONG_TEXT, "description": LONG_TEXT, "resource": LONG_WORD, "admin": True, "for_all": True},
        {"name": HTML, "description": RTL, "resource": RTL, "admin": False, "for_all": True},
    ]}],
    "authenticator_added": "3 January 2026", "problem_in": "factor", "problem_text": f"{LONG_WORD} {HTML}",
}
CODES: list[str] = [f"ABCD-EFGH-IJKL-MNO{letter}" for letter in "PQRSTUVWXY"]

ACCOUNT_PAGES: dict[str, dict[str, Context]] = {
    "account.html": {
        "everyday": ACCOUNT,
        "nothing": {**ACCOUNT, "consents": [], "password_changed": None, "sessions": SESSIONS[:1]},
        "many": {**ACCOUNT, "sessions": SESSIONS * 5, "older_sessions": [{**SESSIONS[1], "key": f"s{n}"} for n in range(20)], "more_sessions": 7, "ending": "s7"},
        "stale": {**ACCOUNT, "others": [ADA], "is_fresh": False, "problem_in": "everywhere", "problem_text": "The user name or the password is wrong."},
        "another": {**ACCOUNT, "is_fresh": False, "ending": "s2"},
        "not-them": {**ACCOUNT, "is_fresh": False, "ending": "s2", "problem_in": "session", "problem_text": "The user name or the password is wrong."},
        "authenticator": {**ACCOUNT, "notice": "The password is changed.", "authenticator_added": "3 January 2026", "recovery_codes": 1, "factor_required": True},
        "guest": {**ACCOUNT, "guest_of": "Petals", "organization": "9e7a1500-0000-4000-8000-000000000001"},
        "no-guest": {**ACCOUNT, "problem_in": "organization", "problem_text": "You are not a guest there."},
        "wrong-code": {**ACCOUNT, "authenticator_added": "3 January 2026", "recovery_codes": 9, "problem_in": "factor", "problem_text": "This is not the code."},
        "nasty": {**ACCOUNT, **NASTY_ACCOUNT},
    },
    "account_ended.html": {
        "everyday": {"notice": "You are signed out everywhere.", "frontchannel": [], "tenant_name": None},
        "again": {"notice": None, "frontchannel": [], "tenant_name": None},
    },
    "account_password.html": {
        "everyday": {**EVERYDAY, "username": "ben@colors.example", "back": "/account", "min_length": 12, "has_authenticator": False, "error": None},
        "error": {**EVERYDAY, "username": "ben@colors.example", "back": "/account", "min_length": 12, "has_authenticator": True, "error": "The two passwords differ."},
        "nasty": {**NASTY, "username": LONG_WORD, "back": "/account", "min_length": 12, "has_authenticator": True, "error": HTML},
    },
    "account_codes.html": {
        "everyday": {"tenant_name": None, "username": "ben@colors.example", "codes": CODES, "back": "/account"},
        "nasty": {"tenant_name": HTML, "username": f"{RTL}{LONG_WORD}", "codes": CODES, "back": "/account"},
    },
}
