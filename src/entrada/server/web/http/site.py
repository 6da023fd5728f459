"""What every site of the server is made from."""

from collections.abc import Mapping

from attrs import field, frozen

from entrada.core.directory.ids import ClientId
from entrada.server.usecases.installation import Installation
from entrada.server.web.http.cookies import Cookies
from entrada.server.web.http.pages import Pages


@frozen
class Site:
    here: Installation
    pages: Pages
    cookies: Cookies
    samples: Mapping[ClientId, str] = field(factory=dict[ClientId, str])  # where the sample applications listen
