"""Settings of the project: what is the sign-in's stands at the end."""

import os
from pathlib import Path

FOLDER = Path(__file__).parent
PORT = int(os.environ.get("PORT", "3003"))
PLATFORM = os.environ.get("PLATFORM", "https://localhost:8443")
TENANT = os.environ.get("TENANT", "c0105000-0000-4000-8000-000000000001")
COLORS = os.environ.get("COLORS", "http://127.0.0.1:5001")
GRAPH_SCOPES = ["User.Read"]
COLORS_SCOPES = ["api://c0105000-0000-4000-8000-00000000ba51/Colors.Read"]

DEBUG = True  # for development only
SECRET_KEY = os.environ.get("SECRET_KEY", "for development only, because everybody can read it here")
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
ROOT_URLCONF = "example.urls"
STATIC_URL = "static/"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("DATABASE", FOLDER.parent / "db.sqlite3"),
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [FOLDER / "templates"],
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

# ---- signing in ----

INSTALLED_APPS = [
    "example",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "entrada.django",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "example.views.with_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "entrada.django.middleware.EntradaMiddleware",
]
AUTHENTICATION_BACKENDS = ["entrada.django.backends.EntradaBackend"]
LOGIN_URL = "entrada:login"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "example-django-session", "example-django-csrf"  # cookies ignore ports
ENTRADA = {
    "AUTHORITY": f"{PLATFORM}/{TENANT}",
    "CLIENT_ID": os.environ.get("CLIENT_ID", "c0105000-0000-4000-8000-00000000e951"),
    "CLIENT_SECRET": os.environ.get("CLIENT_SECRET", "repsys-dev-secret"),
    "PUBLIC_URL": f"http://localhost:{PORT}",
    "AFTER_LOGOUT": "/",
    "COOKIE": "example-django",
    "SCOPES": GRAPH_SCOPES + COLORS_SCOPES,  # consent to all of it at once
    "APIS": {
        "graph": {"base_url": f"{PLATFORM}/v1.0", "scopes": GRAPH_SCOPES},
        "colors": {"base_url": COLORS, "scopes": COLORS_SCOPES},
    },
}
