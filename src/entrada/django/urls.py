"""`path("auth/", include("entrada.django.urls"))`: the routes of the sign-in, named `entrada:login` and so on."""

from typing import Final

from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from entrada.client.web_sign_in.site import ROUTES
from entrada.django import views

app_name: Final = "entrada"
urlpatterns: Final[list[URLPattern]] = [
    path(name, require_http_methods(list(methods))(getattr(views, name.replace("-", "_"))), name=name.replace("-", "_"))
    for name, methods in ROUTES.items()
]
