"""Applications from elsewhere, as manifests: all of them are taken, in one commit, or none.  Reference section 37.

One whose appId is here already is changed to what its manifest says; the others are made, with the appId they had.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from attrs import evolve, frozen

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Change, Deed
from entrada.core.directory.administration.problem import Problem, taken
from entrada.core.directory.application import Application
from entrada.core.directory.graph.manifest import Manifest
from entrada.core.directory.presence import presence
from entrada.core.protocol.effects import Effect
from entrada.server.store.port import StoreContended
from entrada.server.usecases.administer.applications import changing, creation
from entrada.server.usecases.administer.carry_out import effects_of
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.progress import Progress, silent, told

_ATTEMPTS: Final = 3


@frozen(kw_only=True)
class Imported:
    application: Application
    made: bool
    changed: bool
    left_out: tuple[str, ...]


async def import_applications(
    here: Installation, actor: Actor, manifests: Sequence[Manifest], progress: Progress = silent, *, commit: bool = True
) -> tuple[Imported, ...] | Problem:
    """In the order of *manifests*.  Without *commit*, what would come of it."""
    for _ in range(_ATTEMPTS):
        deeds = await _deeds(here, actor, manifests, progress)
        if isinstance(deeds, Problem):
            return deeds
        if not commit or await here.store.commit(_effects(here, actor, deeds)):
            return tuple(_imported(*one) for one in zip(manifests, deeds, strict=True))
        # Somebody took a name, or changed one of them, between our look and our commit: look again.
    raise StoreContended


async def _deeds(
    here: Installation, actor: Actor, manifests: Sequence[Manifest], progress: Progress
) -> list[Deed[Application]] | Problem:
    deeds, names = list[Deed[Application]](), dict[str, str]()
    for place, manifest in enumerate(told(progress, "looking at application", manifests, len(manifests))):
        deed = await _deed(here, actor, manifest)
        refused = deed if isinstance(deed, Problem) else _twice(deed.answer, names)
        if refused is not None:
            return _placed(refused, place, manifest)
        if isinstance(deed, Deed):
            deeds.append(deed)
    return deeds


async def _deed(here: Installation, actor: Actor, manifest: Manifest) -> Deed[Application] | Problem:
    there = await here.store.find_application(manifest.app_id) if manifest.app_id else None
    if there is not None and there.tenant_id == actor.tenant_id:
        return await changing(here, actor, there.app_id, manifest.members)
    deed = await creation(here, actor, manifest.members, app_id=manifest.app_id)
    if isinstance(deed, Problem):
        return deed
    principal = presence(deed.answer, None, actor.tenant_id)
    known = Change(None, evolve(principal, created_at=here.clock())) if principal else None
    return evolve(deed, changes=(*deed.changes, *((known,) if known else ())))


def _twice(application: Application, names: dict[str, str]) -> Problem | None:
    """Names that two of the manifests want."""
    for name in _names(application):
        if name in names:
            return taken(f"{name} is wanted by '{names[name]}' as well.")
        names[name] = application.display_name
    return None


def _names(application: Application) -> Iterator[str]:
    yield f"The appId {application.app_id}"
    yield from (f"The identifier URI {uri}" for uri in application.identifier_uris)


def _placed(problem: Problem, place: int, manifest: Manifest) -> Problem:
    """Which of them it is about."""
    name = manifest.members.get("displayName", "without a name")
    target = f"[{place}].{problem.target}" if problem.target else f"[{place}]"
    return evolve(problem, message=f"Application {place + 1}, '{name}': {problem.message}", target=target)


def _effects(here: Installation, actor: Actor, deeds: Sequence[Deed[Application]]) -> tuple[Effect, ...]:
    return tuple(effect for deed in deeds for effect in effects_of(here, actor, deed))


def _imported(manifest: Manifest, deed: Deed[Application]) -> Imported:
    made = any(one.before is None and isinstance(one.after, Application) for one in deed.changes)
    return Imported(
        application=deed.answer, made=made, changed=bool(deed.changes) and not made, left_out=manifest.left_out
    )
