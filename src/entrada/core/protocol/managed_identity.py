"""Which of this machine's identities does a program mean?  Reference clients.md sections 2.3, 2.4.

Azure's two local endpoints, the instance metadata service and App Service's, share these parameters.
"""

from collections.abc import Sequence
from typing import Final

from attrs import frozen

from entrada.core.directory.application import Application
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.parameters import Parameters

PROOF: Final = "2"
"""Azure proves a managed identity by a certificate, and its tokens say so."""

# By the application's id, the service principal's, or the path of an Azure resource.  The last has two spellings.
_CLIENT, _OBJECT, _RESOURCE = ("client_id",), ("object_id", "principal_id"), ("msi_res_id", "mi_res_id")
_SELECTORS: Final = (*_CLIENT, *_OBJECT, *_RESOURCE)


@frozen
class Identity:
    """An application that programs on this machine may act as, and its service principal at home."""

    application: Application
    principal: ServicePrincipal

    def is_named(self, selector: str, value: str) -> bool:
        if selector in _CLIENT:
            return value.lower() == self.application.app_id
        if selector in _OBJECT:
            return value.lower() == self.principal.id
        # Nothing here has a path in Azure; that of a user-assigned identity ends in its name.
        return value.rpartition("/")[2].lower() == self.application.display_name.lower()


def choose(parameters: Parameters, served: Sequence[Identity]) -> Identity | Refusal:
    """The one that is named, or the first: it stands for the identity that Azure assigns to the machine itself."""
    named = [(name, value) for name in _SELECTORS if (value := parameters.get(name))]
    if len(named) > 1:
        return Refusal(why.BAD_REQUEST, {"fault": "it names an identity twice"})
    found = [one for one in served if all(one.is_named(*selector) for selector in named)]
    if found:
        return found[0]
    selector, value = named[0] if named else ("client_id", "")
    return Refusal(why.IDENTITY_NOT_FOUND, {"selector": selector, "value": value})
