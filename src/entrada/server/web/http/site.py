"""What every site of the server is made from."""

from attrs import frozen

from entrada.server.usecases.installation import Installation
from entrada.server.web.http.cookies import Cookies
from entrada.server.web.http.pages import Pages


@frozen
class Site:
    here: Installation
    pages: Pages
    cookies: Cookies
