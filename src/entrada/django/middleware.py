"""Ends Django's session with the sign-in it rests on, and answers where a view needs more of it.

Stands below Django's own SessionMiddleware and AuthenticationMiddleware.
"""

from django.contrib.auth import logout
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from entrada.client.errors import EntradaError, InteractionRequired
from entrada.django.arrivals import still_there
from entrada.django.exchange import answer_of, request_of
from entrada.django.people import user_of
from entrada.django.running import running


class EntradaMiddleware(MiddlewareMixin):
    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        here = running()
        if here.site.stand_in is not None:
            user = user_of(here.site.stand_in.user, here.mapped)
            if isinstance(user, AbstractBaseUser):
                request.user = user
            return None
        try:
            if not still_there(here, request):
                logout(request)
        except EntradaError as failure:
            return self.process_exception(request, failure)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What a view lets through: the person is sent to sign in for more and back, or told what is the matter."""
        if not isinstance(exception, EntradaError):
            return None
        here = running()
        asked = here.asked(request) if isinstance(exception, InteractionRequired) else request_of(request)
        return answer_of(here.run(here.site.failed(asked, exception)))
