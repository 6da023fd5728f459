"""Between Flask's requests and answers and those of the framework-free sign-in."""

import flask
from attrs import evolve

from entrada.client.web_sign_in.exchange import Request, Response, read_parameters


def request_of(asked: flask.Request) -> Request:
    """The WSGI environment as it is: whoever runs behind a proxy says so once, in the settings.

    Without a form: what is posted to a view is the view's to read, or not to.
    """
    return Request(
        method=asked.method,
        path=asked.path,
        query_string=asked.query_string.decode("latin-1"),
        cookies=asked.cookies.to_dict(),
        headers={name.lower(): value for name, value in asked.headers.items()},
        scheme=asked.scheme,
        host=asked.headers.get("Host", ""),
        root_path=asked.root_path.rstrip("/"),
        client_address=asked.remote_addr or "",
    )


def with_form(asked: flask.Request) -> Request:
    posted = asked.form.items(multi=True) if asked.method == "POST" else ()
    return evolve(request_of(asked), form=read_parameters(posted))


def answer_of(answer: Response) -> flask.Response:
    return flask.Response(answer.body, status=answer.status, headers=answer.header_list())
