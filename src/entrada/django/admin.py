"""Django's admin behind the authority: `path("admin/login/", entrada.django.admin_login)`, before the admin's own."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from entrada.django import views


@login_not_required
@never_cache
def admin_login(request: HttpRequest) -> HttpResponse:
    """To the authority.  Whoever is signed in and sent here is no member of staff, which no sign-in mends."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return views.login(request)
