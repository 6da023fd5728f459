"""What the pages are shown with: an everyday context for each template, and a nasty one.

Nasty is what other people may call themselves: very long words, right-to-left names, emoji, HTML.
"""

from typing import Any

from entrada.core.credentials import recovery_code, totp
from entrada.server.web.identity.qr_code import qr_code

# fmt: off

Context = dict[str, Any]

RTL = "\u0646\u0648\u0631 \u0627\u0644\u062f\u064a\u0646 \u0639\u0628\u062f \u0627\u0644\u0631\u062d\u0645\u0646"
LONG_WORD = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
LONG_TEXT = "Read, write, delete, forward, archive and otherwise look after every item in every mailbox you can reach, " * 4
HTML = '<script>alert("x")</script><b style="color:red">Bold & brave</b>'
OVERRIDE = "\u202eevil\u202c gnp.exe"

FORM: Context = {"action": "/c0105000-0000-4000-8000-000000000001/login", "hidden": [("ctx", "sealed"), ("csrf", "token")]}
EVERYDAY: Context = {"tenant_name": "Colors", **FORM}
NASTY: Context = {"tenant_name": f"{LONG_WORD} {HTML}", **FORM}

ADA: Context = {
    "name": "Ada Lovelace", "username": "ada@colors.example", "tenant_name": "Colors", "signed_in": True, "key": "a1",
}
BEN: Context = {"name": "Ben Nkemelu", "username": "ben@colors.example", "tenant_name": "Colors", "signed_in": True, "key": "b1"}
EVA: Context = {"name": "Eva Petal", "username": "eva@petals.example", "tenant_name": "Petals", "signed_in": False, "key": "e1"}
NASTY_PEOPLE: list[Context] = [
    {"name": RTL, "username": f"{RTL}@colors.example", "tenant_name": RTL, "signed_in": True, "key": "1"},
    {"name": LONG_WORD, "username": f"{LONG_WORD}@colors.example", "tenant_name": "", "signed_in": True, "key": "2"},
    {"name": "\U0001f469\u200d\U0001f680 Zoe \U0001f98a", "username": "zoe@colors.example", "tenant_name": "Colors", "signed_in": False, "key": "3"},
    {"name": HTML, "username": '"><img src=x>@colors.example', "tenant_name": HTML, "signed_in": True, "key": '"4'},
    {"name": "", "username": "noname@colors.example", "tenant_name": OVERRIDE, "signed_in": False, "key": "5"},
    {"name": " ", "username": OVERRIDE, "tenant_name": "Colors", "signed_in": False, "key": "6"},
]

RECOVERY_CODES = recovery_code.generate(bytes(range(100)))
ADDRESS = totp.address(bytes(20), "ada@colors.example", "Colors")
SET_UP: Context = {"qr_code": qr_code(ADDRESS), "secret": totp.spelled(bytes(20)), "address": ADDRESS}
PERMISSIONS: list[Context] = [
    {"name": "Read your mail", "description": "Allows the app to read the messages in your mailbox.", "resource": "Microsoft Graph", "admin": False},
    {"name": "Sign you in and read your profile", "description": "Allows you to sign in to the app and lets it read your name, your user name and your organization.", "resource": "Microsoft Graph", "admin": False},
    {"name": "Read colors", "description": "Allows the app to read colors for you.", "resource": "Colors API", "admin": False},
]
ADMIN_PERMISSIONS: list[Context] = [
    {"name": "Read and write directory data", "description": "Allows the app to read and change data in your organization's directory, such as users and groups.", "resource": "Microsoft Graph", "admin": True},
    *PERMISSIONS[:1],
]
NASTY_PERMISSIONS: list[Context] = [
    {"name": LONG_TEXT, "description": LONG_TEXT * 3, "resource": LONG_WORD, "admin": True},
    {"name": LONG_WORD, "description": HTML, "resource": HTML, "admin": True},
    {"name": RTL, "description": RTL, "resource": RTL, "admin": False},
    *({"name": f"Permission {n}", "description": "More of it.", "resource": "Wide API", "admin": False} for n in range(12)),
]
TRACE: Context = {
    "trace_id": "5f1c7d80-7b1e-4b8e-9c3e-1f2a3b4c5d00",
    "correlation_id": "0a7e3c1d-2b64-4f6e-8d55-6b1f0c9e7a21",
    "timestamp": "2026-03-14 09:26:53Z",
}
GROUPS: list[Context] = [{"app": None, "alone": False, "permissions": PERMISSIONS}]
BEHIND: Context = {"app": "Sample middle tier", "alone": False, "permissions": PERMISSIONS[:2]}
ALONE: Context = {"app": None, "alone": True, "permissions": ADMIN_PERMISSIONS[:1]}
NASTY_GROUPS: list[Context] = [
    {"app": None, "alone": False, "permissions": NASTY_PERMISSIONS},
    {"app": f"{LONG_WORD} {HTML}", "alone": False, "permissions": PERMISSIONS},
    {"app": RTL, "alone": True, "permissions": PERMISSIONS},
]
CONSENT: Context = {
    "app_name": "repsys", "publisher": "colors.example", "publisher_verified": True, "app_home": "Colors",
    "username": "ben@colors.example", "title": "Permissions requested", "groups": GROUPS,
    "may_consent_for_all": False, "organization": None, "terms_url": "https://colors.example/terms",
    "privacy_url": "https://colors.example/privacy", "risk_note": None,
}
NASTY_CONSENT: Context = {
    "app_name": f"{LONG_WORD} {HTML}", "publisher": HTML, "publisher_verified": False, "app_home": RTL,
    "username": f"{RTL}@colors.example", "groups": NASTY_GROUPS,
    "may_consent_for_all": True, "organization": None, "terms_url": "javascript:alert(1)", "privacy_url": None,
    "title": "Permissions requested", "risk_note": f"Nobody has verified who publishes {LONG_WORD}.",
}
DEVICE: Context = {
    "app_name": "entrada CLI", "publisher": "colors.example", "publisher_verified": True, "username": "ben@colors.example",
    "address": "203.0.113.7", "program": "python-requests on Linux", "when": "2 minutes ago", "user_code": "BCDFGHJKL",
}
USERS: list[Context] = [
    {"name": "Ada Lovelace", "username": "ada@colors.example", "note": "Global Administrator", "password": "Entrada-dev-2026"},
    {"name": "Ben Nkemelu", "username": "ben@colors.example", "note": "Member", "password": "Entrada-dev-2026"},
    {"name": "Cai Okafor", "username": "cai@colors.example", "note": "Member of Painters, Painter on the Colors API", "password": "Entrada-dev-2026"},
    {"name": "Dee Larsen", "username": "dee@colors.example", "note": "Account disabled", "password": "Entrada-dev-2026"},
    {"name": "Eva Petal", "username": "eva@petals.example", "note": "Global Administrator of Petals", "password": None},
]
APPS: list[Context] = [
    {"name": "repsys", "client_id": "c0105000-0000-4000-8000-00000000e951", "note": "Signs you in and shows your mail", "url": "http://localhost:5000"},
    {"name": "entrada CLI", "client_id": "c0105000-0000-4000-8000-000000000c11", "note": None, "url": None},
]
LINKS: list[Context] = [
    {"label": f"{name}: OpenID configuration", "url": f"https://localhost:8443/{tenant}/v2.0/.well-known/openid-configuration", "note": None}
    for name, tenant in (("Colors", "c0105000-0000-4000-8000-000000000001"), ("Petals", "9e7a1500-0000-4000-8000-000000000001"))
]

PAGES: dict[str, dict[str, Context]] = {
    "account_picker.html": {
        "everyday": {**EVERYDAY, "app_name": "repsys", "accounts": [ADA, BEN, EVA]},
        "nasty": {**NASTY, "app_name": LONG_WORD, "accounts": NASTY_PEOPLE},
    },
    "username.html": {
        "everyday": {**EVERYDAY, "tenant_name": None, "app_name": "repsys", "username": "", "error": None},
        "error": {**EVERYDAY, "app_name": "repsys", "username": "ben", "error": "Enter your whole user name, such as ben@colors.example."},
        "nasty": {**NASTY, "app_name": f"{RTL} {LONG_WORD}", "username": HTML, "error": f"{LONG_WORD} {HTML}"},
    },
    "password.html": {
        "everyday": {**EVERYDAY, "app_name": "repsys", "username": "ben@colors.example", "error": None},
        "error": {**EVERYDAY, "app_name": "repsys", "username": "ben@colors.example", "error": "The user name or the password is not right. Check both and try again."},
        "nasty": {**NASTY, "app_name": HTML, "username": f"{RTL}{LONG_WORD}@colors.example", "error": HTML},
    },
    "consent.html": {
        "everyday": {**EVERYDAY, **CONSENT},
        "everyone": {
            **EVERYDAY, **CONSENT, "username": "ada@colors.example", "may_consent_for_all": True, "publisher_verified": False,
            "terms_url": None, "privacy_url": None, "app_home": "Petals",
            "risk_note": "Nobody has verified who publishes this application, and it comes from another organization.",
        },
        "admin": {
            **EVERYDAY, **CONSENT, "title": "Permissions requested for your organization",
            "organization": "Colors", "groups": [{"app": None, "alone": False, "permissions": ADMIN_PERMISSIONS}, BEHIND, ALONE],
        },
        "behind": {**EVERYDAY, **CONSENT, "groups": [*GROUPS, BEHIND]},
        "nasty-admin": {**NASTY, **NASTY_CONSENT, "may_consent_for_all": False, "organization": f"{RTL} {LONG_WORD}"},
        "nasty": {**NASTY, **NASTY_CONSENT},
    },
    "admin_approval.html": {
        "everyday": {
            **EVERYDAY, **TRACE, "app_name": "repsys", "publisher": "colors.example", "username": "ben@colors.example",
            "permissions": ADMIN_PERMISSIONS, "code": "AADSTS90094", "detail": None,
        },
        "organization": {
            **EVERYDAY, **TRACE, "app_name": "repsys", "publisher": "colors.example", "username": "ben@colors.example",
            "permissions": ADMIN_PERMISSIONS, "code": "AADSTS90093",
            "detail": "'ben@colors.example' may not consent to this application for the organization. Sign in as an administrator.",
        },
        "nasty": {
            **NASTY, **TRACE, "app_name": LONG_WORD, "publisher": "", "username": RTL, "permissions": NASTY_PERMISSIONS,
            "code": "AADSTS90094", "detail": f"{LONG_WORD} {HTML}",
        },
    },
    "signed_out.html": {
        "everyday": {"tenant_name": "Colors", "accounts": ["ben@colors.example"], "remaining": [], "return_url": None, "frontchannel": []},
        "others": {
            "tenant_name": "Colors", "accounts": ["ben@colors.example"], "remaining": [ADA, EVA], "return_url": None, "frontchannel": [],
            "sign_out_url": "/common/oauth2/v2.0/logout",
        },
        "nasty": {
            "tenant_name": None, "accounts": [RTL, HTML, LONG_WORD], "return_url": None,
            "remaining": NASTY_PEOPLE, "sign_out_url": "/common/oauth2/v2.0/logout",
            "frontchannel": ["http://app.localhost/frontchannel?sid=1&x='"],
        },
    },
    "sign_out.html": {
        "everyday": {**EVERYDAY, "accounts": [ADA, BEN]},
        "one": {**EVERYDAY, "accounts": [BEN]},
        "nasty": {**NASTY, "accounts": NASTY_PEOPLE},
    },
    "error.html": {
        "everyday": {
            **TRACE, "tenant_name": "Colors", "heading": "This application cannot sign you in yet", "code": "AADSTS50011",
            "message": "The address it wants you sent back to is not one it has registered.",
            "advice": "If it is yours, add http://localhost:5000/callback to its redirect URIs, character by character.",
            "app_name": "repsys", "app_id": "c0105000-0000-4000-8000-00000000e951", "docs_url": "/error?code=50011",
        },
        "nasty": {
            **TRACE, "tenant_name": LONG_WORD, "heading": f"{LONG_WORD} {HTML}", "message": LONG_TEXT, "advice": LONG_WORD,
            "code": "AADSTS900144", "app_name": f"{RTL} {HTML} {LONG_WORD}", "docs_url": "/error?code=900144",
        },
    },
    "error_lookup.html": {
        "everyday": {
            "tenant_name": None, "code": "AADSTS50011", "name": "InvalidReplyTo", "message": None, "causes": [{
                "meaning": "The redirect URI in the request is not one that the application has registered.",
                "advice": "Register the address the application really uses, or correct the one it sends. They are compared character by character.",
                "error": "invalid_request",
            }],
        },
        "causes": {
            "tenant_name": None, "code": "AADSTS7000215", "name": "InvalidClientSecret", "message": None, "causes": [
                {"meaning": "The client secret is wrong.", "advice": "Send the secret's value, not its ID.", "error": "invalid_client"},
                {"meaning": LONG_TEXT, "advice": f"Send what {LONG_WORD} holds.", "error": "invalid_client or invalid_request"},
            ],
        },
        "unknown": {"tenant_name": None, "code": "Error codes", "name": None, "message": "Which code do you want explained?", "causes": []},
    },
    "form_post.html": {
        "everyday": {"tenant_name": "Colors", "action": "/callback", "fields": [("code", "1.AAA"), ("submit", "x\n\"'<"), ("state", "s")], "nonce": "preview"},
    },
    "enrol.html": {
        "everyday": {**EVERYDAY, "username": "ada@colors.example", "min_length": 12, "error": None},
        "error": {**EVERYDAY, "username": "ada@colors.example", "min_length": 12, "error": "The two passwords are not the same. Type both again."},
        "nasty": {**NASTY, "username": LONG_WORD, "min_length": 12, "error": HTML},
    },
    "code.html": {
        "everyday": {**EVERYDAY, "app_name": "repsys", "username": "ada@colors.example", "error": None, "has_recovery": True, "recovering": False},
        "error": {**EVERYDAY, "app_name": "repsys", "username": "ada@colors.example", "error": "This is not the code.", "has_recovery": False, "recovering": False},
        "recovering": {**EVERYDAY, "app_name": "repsys", "username": "ada@colors.example", "error": "This is not one of the recovery codes.", "has_recovery": True, "recovering": True},
        "nasty": {**NASTY, "app_name": HTML, "username": LONG_WORD, "error": HTML, "has_recovery": True, "recovering": False},
    },
    "set_up_authenticator.html": {
        "everyday": {**EVERYDAY, **SET_UP, "username": "ada@colors.example", "error": None},
        "error": {**EVERYDAY, **SET_UP, "username": "ada@colors.example", "error": "This is not the code."},
        "nasty": {**NASTY, **SET_UP, "username": LONG_WORD, "error": HTML},
    },
    "recovery_codes.html": {
        "everyday": {**EVERYDAY, "username": "ada@colors.example", "codes": RECOVERY_CODES, "error": None},
        "nasty": {**NASTY, "username": LONG_WORD, "codes": RECOVERY_CODES, "error": HTML},
    },
    "change_password.html": {
        "everyday": {**EVERYDAY, "username": "ada@colors.example", "min_length": 12, "error": None},
        "nasty": {**NASTY, "username": LONG_WORD, "min_length": 12, "error": HTML},
    },
    "device_code.html": {
        "everyday": {**EVERYDAY, "error": None},
        "error": {**EVERYDAY, "error": "No device waits for this code. Check it against what the device shows."},
        "nasty": {**NASTY, "error": HTML},
    },
    "device_confirm.html": {
        "everyday": {**EVERYDAY, **DEVICE},
        "nasty": {
            **NASTY, "app_name": f"{LONG_WORD} {HTML}", "publisher": RTL, "publisher_verified": False, "username": f"{RTL}{LONG_WORD}",
            "address": LONG_WORD, "program": f"{RTL} {HTML}", "when": "14 minutes ago", "user_code": "BCDFGHJKL",
        },
        "little": {**EVERYDAY, **DEVICE, "publisher": "", "address": ""},
    },
    "done.html": {
        "everyday": {"tenant_name": "Colors", "heading": "Your password is set", "message": "You can now sign in as ada@colors.example.", "link": "/portal"},
        "nasty": {"tenant_name": HTML, "heading": LONG_WORD, "message": LONG_TEXT, "link": None},
    },
    "home.html": {
        "everyday": {"tenant_name": None, "development": False, "users": [], "apps": [], "links": LINKS},
        "exposed": {"tenant_name": None, "development": True, "users": [{**one, "password": ""} for one in USERS], "apps": APPS, "links": LINKS},
        "development": {"tenant_name": None, "development": True, "users": USERS, "apps": APPS, "links": LINKS},
        "nasty": {
            "tenant_name": None, "development": True, "links": LINKS,
            "users": [{"name": p["name"], "username": p["username"], "note": LONG_WORD, "password": LONG_WORD} for p in NASTY_PEOPLE],
            "apps": [{"name": HTML, "client_id": LONG_WORD, "note": LONG_TEXT, "url": None}],
        },
    },
}

MAIL: list[Context] = [
    {"subject": "The third quarter in colors", "from": "Ada Lovelace", "received": "14 March 2026, 09:26", "preview": "Ben, the figures you asked for are attached. Green is up, ochre is where we left it, and nobody can explain the mauve."},
    {"subject": "Lunch on Thursday?", "from": "Cai Okafor", "received": "13 March 2026, 17:02", "preview": "The place by the canal has the good soup again."},
    {"subject": "Your access to Paint Reports", "from": "Colors IT", "received": "12 March 2026, 08:00", "preview": "You now have access. If you did not ask for it, tell us."},
]
CLAIMS: list[tuple[str, str]] = [
    ("aud", "c0105000-0000-4000-8000-00000000e951"),
    ("iss", "https://localhost:8443/c0105000-0000-4000-8000-000000000001/v2.0"),
    ("name", "Ben Nkemelu"),
    ("oid", "c0105000-0000-4000-8000-0000000000b1"),
    ("preferred_username", "ben@colors.example"),
    ("sub", "q3oH4mXx0JZQWcTgkz0q7t3J8tO8m0b6iQfKQ3v7W2A"),
    ("tid", "c0105000-0000-4000-8000-000000000001"),
]
COLORS_READ: list[Context] = [
    {"name": "amber", "hex": "#ffbf00"}, {"name": "beige", "hex": "#f5f5dc"}, {"name": "denim", "hex": "#1560bd"},
]
SIGNED_IN: Context = {"user": {"name": "Ben Nkemelu", "username": "ben@colors.example"}, "csrf": "word"}
NASTY_USER: Context = {"user": {"name": f"{RTL} {LONG_WORD}", "username": HTML}, "csrf": HTML}
NASTY_MAIL: list[Context] = [{"subject": LONG_WORD, "from": RTL, "received": LONG_WORD, "preview": HTML}]
SAID: Context = {"status": 400, "title": "You were not signed in", "message": "The authority refused the sign-in.", "advice": "", "button": None, "links": []}
SIGN_OUT: Context = {"label": "Sign out", "action": "/auth/logout", "fields": [("csrf", "word")]}

REPSYS_PAGES: dict[str, dict[str, Context]] = {
    "welcome.html": {"everyday": {}},
    "home.html": {
        "everyday": {**SIGNED_IN, "claims": CLAIMS, "mail": {"rows": MAIL, "error": None}},
        "nasty": {
            **NASTY_USER, "claims": [(LONG_WORD, RTL), (HTML, LONG_TEXT)],
            "mail": {"rows": NASTY_MAIL, "error": f"Your mail could not be read: {HTML}"},
        },
    },
    "colors.html": {
        "everyday": {**SIGNED_IN, "colors": {"rows": COLORS_READ, "error": None}},
        "nasty": {**NASTY_USER, "colors": {"rows": [{"name": LONG_WORD, "hex": HTML}], "error": LONG_WORD}},
    },
    "sign_in.html": {
        "everyday": {"page": {**SAID, "advice": "AADSTS65004: The user declined to consent.\r\nTrace ID: 5f1c7d80", "links": [("/auth/login", "Sign in again"), ("/", "Go to the start page")]}},
        "sign-out": {"page": {**SAID, "status": 200, "title": "Sign out?", "button": SIGN_OUT, "links": [("/", "Stay signed in")]}},
        "nasty": {"page": {**SAID, "title": LONG_WORD, "message": HTML, "advice": LONG_WORD, "links": [("/", LONG_TEXT)]}},
    },
}
