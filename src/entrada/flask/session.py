"""Call an API in the person's name, in the words of `requests`: `auth.session("graph").get("me")`."""

from collections.abc import Mapping

from attrs import frozen

from entrada.client.web_sign_in.downstream import ApiReply, ApiRequest
from entrada.client.web_sign_in.web_settings import Api
from entrada.flask.running import running, this_request


@frozen
class ApiSession:
    """For the length of a request.  Each call raises InteractionRequired, Unreachable, BadSettings."""

    api: Api

    def get(self, url: str = "", *, params: Mapping[str, str] | None = None) -> ApiReply:
        return self.request("GET", url, params=params)

    def post(self, url: str = "", *, json: object = None, content: bytes | None = None) -> ApiReply:
        return self.request("POST", url, json=json, content=content)

    def put(self, url: str = "", *, json: object = None, content: bytes | None = None) -> ApiReply:
        return self.request("PUT", url, json=json, content=content)

    def patch(self, url: str = "", *, json: object = None, content: bytes | None = None) -> ApiReply:
        return self.request("PATCH", url, json=json, content=content)

    def delete(self, url: str = "", *, params: Mapping[str, str] | None = None) -> ApiReply:
        return self.request("DELETE", url, params=params)

    def request(
        self,
        method: str,
        url: str = "",
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        json: object = None,
        content: bytes | None = None,
    ) -> ApiReply:
        """*url*: below the base URL of the API, or whole and of its origin: the token goes nowhere else."""
        asked = ApiRequest(
            method=method, url=url, params=params or {}, headers=headers or {}, json=json, content=content
        )
        here = running()
        return here.run(here.site.call(this_request(), self.api, asked))
