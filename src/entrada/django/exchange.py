"""Between Django's requests and answers and those of the framework-free sign-in."""

from collections.abc import Iterator
from typing import Literal, cast

from attrs import evolve
from django.http import HttpRequest, HttpResponse

from entrada.client.web_sign_in.exchange import Request, Response, read_parameters


def request_of(asked: HttpRequest) -> Request:
    """Without a form: what is posted to a view is the view's to read, or not to."""
    return Request(
        method=asked.method or "GET",
        path=asked.path_info,
        query_string=str(asked.META.get("QUERY_STRING", "")),
        cookies=asked.COOKIES,
        headers={name.lower(): str(value) for name, value in asked.headers.items()},
        scheme=asked.scheme or "http",
        host=str(asked.META.get("HTTP_HOST", "")),
        root_path=asked.path.removesuffix(asked.path_info).rstrip("/"),
        client_address=str(asked.META.get("REMOTE_ADDR", "")),
    )


def with_form(asked: HttpRequest) -> Request:
    return evolve(request_of(asked), form=read_parameters(_posted(asked)))


def _posted(asked: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in asked.POST.lists():
        yield from ((name, value) for value in values)


def answer_of(answer: Response) -> HttpResponse:
    made = HttpResponse(answer.body, status=answer.status, headers=dict(answer.headers))
    return with_cookies(made, answer)


def with_cookies(made: HttpResponse, answer: Response) -> HttpResponse:
    for cookie in answer.cookies:
        made.set_cookie(
            cookie.name,
            cookie.value,
            max_age=cookie.max_age,
            path="/",
            secure=cookie.secure,
            httponly=True,
            samesite=cast("Literal['Lax', 'None']", cookie.same_site),
        )
    return made
