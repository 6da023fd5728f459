"""`set-query-parameter`: of what the backend is asked.  Gateway reference section 9."""

from typing import Final

from attrs import evolve, frozen

from entrada.core.gateway import query
from entrada.core.gateway.elements import conversion, exists_action
from entrada.core.gateway.elements.exists_action import ACTION, DELETE, Setting
from entrada.core.gateway.elements.kind import BACKEND, INBOUND, Kind
from entrada.core.gateway.elements.outcome import Outcome
from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.shape import Attribute, Shape, item
from entrada.core.gateway.passage import Passage

NAME: Final = "set-query-parameter"


@frozen
class SetQueryParameter:
    setting: Setting

    def perform(self, passage: Passage) -> Outcome:
        name, action = self.setting.name.of(passage), self.setting.action.of(passage)
        url = passage.request.url
        existing = query.values(url.query, name)
        given = () if action == DELETE else tuple(one.of(passage) for one in self.setting.values)
        left = exists_action.after(action, existing, given)
        if left != existing:
            changed = query.appended(query.without(url.query, (name,)), name, left)
            passage.request = evolve(passage.request, url=evolve(url, query=changed))
        passage.note(
            exists_action.seen(name, existing), f"{action}: {', '.join(left)}" if left else f"{action}: none is left"
        )
        return None


def read(reading: Reading) -> SetQueryParameter:
    name = reading.required("name", 'write name="…".')
    return SetQueryParameter(exists_action.read_setting(reading, name, conversion.text))


SHAPE: Final = Shape(
    name=NAME,
    what="set a query parameter of what the backend is asked",
    attributes=(Attribute(name="name", what="the parameter", required=True), ACTION),
    children=(item("value", "a value of it", "the value"),),
)
KIND: Final = Kind(name=NAME, read=read, shape=SHAPE, sections=(INBOUND, BACKEND))
