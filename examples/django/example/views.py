"""The pages."""

from collections.abc import Callable
from hashlib import sha256

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from entrada.django import require_roles, session, token, user


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "welcome.html")
    me = session(request, "graph").get("me").json()
    colors = session(request, "colors").get("colors").json()
    fingerprint = sha256(token(request, *settings.GRAPH_SCOPES).encode()).hexdigest()[:12]
    found = {"who": user(request), "me": me, "colors": colors["colors"], "token": fingerprint}
    return render(request, "home.html", found)


@require_roles("Painter")
def painters(request: HttpRequest) -> HttpResponse:
    return render(request, "painters.html", {"who": user(request)})


@require_POST
@login_required
def renew(request: HttpRequest) -> HttpResponse:
    """New tokens now; ordinarily they are renewed by themselves when they have expired."""
    token(request, *settings.GRAPH_SCOPES, force=True)
    token(request, *settings.COLORS_SCOPES, force=True)
    return redirect("home")


def with_policy(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the pages load nothing of others, and no cache keeps them."""

    def answered(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        policy = "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'"
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return answered
