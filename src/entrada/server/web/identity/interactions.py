"""A sign-in under way, as it travels through the browser: sealed into the form, bound to the browser's cookie."""

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol import lifetimes
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.interaction import Interaction, pack_interaction, unpack_interaction
from entrada.core.protocol.parameters import Parameters
from entrada.core.sealing.envelope import NotSealed
from entrada.server.usecases.browser import Browser
from entrada.server.usecases.installation import Installation

FIELD = "ctx"


def seal_interaction(
    here: Installation, interaction: Interaction, purpose: str = purposes.INTERACTION
) -> list[tuple[str, str]]:
    """The hidden inputs of a page's form."""
    return [(FIELD, here.seal(pack_interaction(interaction), purpose=purpose))]


def open_interaction(
    here: Installation, form: Parameters, browser: Browser, purpose: str = purposes.INTERACTION
) -> Interaction | Refusal:
    stale = Refusal(why.INTERACTION_STALE)
    try:
        opened = here.open(form.get(FIELD) or "", purpose=purpose, lifetime=lifetimes.INTERACTION)
        interaction = unpack_interaction(opened.payload)
    except NotSealed:
        return stale
    too_old = here.clock() - interaction.progress.started_at > lifetimes.INTERACTION
    return stale if too_old or interaction.browser != browser.digest else interaction
