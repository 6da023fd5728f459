"""What each optional claim says, in a line.  Reference section 32."""

from typing import Final

CLAIM_WORDS: Final = {
    "acct": "Whether the user is a guest: 0 for a member, 1 for a guest",
    "acrs": "Which authentication contexts the sign-in has met",
    "amr": "How the user signed in: password, second factor",
    "auth_time": "When the user signed in",
    "ctry": "The user's country, by the usage location",
    "email": "The user's mail address; it may change, and names nobody for sure",
    "family_name": "The user's last name",
    "given_name": "The user's first name",
    "idtyp": "Whether the token is of a user or of an application itself",
    "ipaddr": "The address the user signed in from",
    "login_hint": "What to send as login_hint and logout_hint, so that nobody types a name again",
    "preferred_username": "The name the user signs in by; it may change",
    "sid": "The session, for signing out of every application at once",
    "tenant_ctry": "The country of the user's tenant",
    "tenant_region_scope": "The region of the user's tenant",
    "upn": "The user principal name; it may change",
    "verified_primary_email": "The mail address, if its domain is the tenant's own",
    "xms_cc": "What the client can handle, such as being asked for more claims",
    "xms_edov": "Whether the mail address's domain is the tenant's own",
    "xms_pl": "The user's preferred language",
    "xms_tpl": "The tenant's preferred language",
}
