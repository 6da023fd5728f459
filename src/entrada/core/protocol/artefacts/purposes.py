"""The purposes artefacts are sealed for: part of each artefact's associated data, so none opens as another."""

from typing import Final

CODE: Final = "authorization code"
REFRESH_TOKEN: Final = "refresh token"
INTERACTION: Final = "interaction"
ORIGIN: Final = "access token origin"
SIGN_OUT: Final = "sign-out"
BROWSER_SESSIONS: Final = "browser sessions"
ENROLMENT: Final = "enrolment"
SIGNING_KEY: Final = "signing key"
PAIRWISE_SUBJECT: Final = "pairwise subject"
AUTHENTICATOR: Final = "authenticator"
WRONG_GUESS: Final = "wrong guess"
DEVICE_CODE: Final = "device code"
DEVICE_PAGE: Final = "device page"
DEVICE_APPROVAL: Final = "device approval"
LOGIN_HINT: Final = "login hint"
ACCOUNT_FORM: Final = "account form"
ACCOUNT_NOTICE: Final = "account notice"
PAGE: Final = "page of a collection"
PORTAL_SECRET: Final = "portal secret"
PORTAL_SIGN_IN: Final = "portal sign-in"
PORTAL_SESSION: Final = "portal session"
PORTAL_NOTICE: Final = "portal notice"
GATEWAY_SECRETS: Final = "gateway secrets"
MAX_CODE: Final = 2048  # characters; a longer one is refused with 90015, because it travels in URLs
MAX_ARTEFACT: Final = 16_384
