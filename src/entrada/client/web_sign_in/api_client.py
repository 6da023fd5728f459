"""An API that is called in the name of whoever asks: the token, its renewal and a challenge are seen to."""

from collections.abc import Awaitable, Callable, Mapping

from attrs import field, frozen

from entrada.client.web_sign_in.downstream import ApiReply, ApiRequest


@frozen
class ApiClient:
    """For one request of one person.

    Raises InteractionRequired, which becomes the way to sign in again, and Unreachable.  URLs are below the API's own.
    """

    _call: Callable[[ApiRequest], Awaitable[ApiReply]] = field(repr=False)

    async def get(
        self, url: str, *, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> ApiReply:
        return await self._call(ApiRequest(url=url, params=params or {}, headers=headers or {}))

    async def delete(self, url: str, *, headers: Mapping[str, str] | None = None) -> ApiReply:
        return await self.request("DELETE", url, headers=headers)

    async def post(self, url: str, *, json: object = None, headers: Mapping[str, str] | None = None) -> ApiReply:
        return await self.request("POST", url, json=json, headers=headers)

    async def put(self, url: str, *, json: object = None, headers: Mapping[str, str] | None = None) -> ApiReply:
        return await self.request("PUT", url, json=json, headers=headers)

    async def patch(self, url: str, *, json: object = None, headers: Mapping[str, str] | None = None) -> ApiReply:
        return await self.request("PATCH", url, json=json, headers=headers)

    async def request(
        self,
        method: str,
        url: str,
        *,
        json: object = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> ApiReply:
        asked = ApiRequest(method=method, url=url, json=json, content=content, headers=headers or {})
        return await self._call(asked)


@frozen
class ApiSession:
    """The same, waited for; in the words of `requests`."""

    _call: Callable[[ApiRequest], ApiReply] = field(repr=False)

    def get(
        self, url: str, *, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> ApiReply:
        return self._call(ApiRequest(url=url, params=params or {}, headers=headers or {}))

    def delete(self, url: str, *, headers: Mapping[str, str] | None = None) -> ApiReply:
        return self.request("DELETE", url, headers=headers)

    def post(self, url: str, *, json: object = None, headers: Mapping[str, str] | None = None) -> ApiReply:
        return self.request("POST", url, json=json, headers=headers)

    def put(self, url: str, *, json: object = None, headers: Mapping[str, str] | None = None) -> ApiReply:
        return self.request("PUT", url, json=json, headers=headers)

    def patch(self, url: str, *, json: object = None, headers: Mapping[str, str] | None = None) -> ApiReply:
        return self.request("PATCH", url, json=json, headers=headers)

    def request(
        self,
        method: str,
        url: str,
        *,
        json: object = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> ApiReply:
        asked = ApiRequest(method=method, url=url, json=json, content=content, headers=headers or {})
        return self._call(asked)
