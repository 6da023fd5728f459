"""A named value: what `{{name}}` in policies stands for, as it is kept.  Gateway reference section 13.5."""

import re
from collections.abc import Iterator
from typing import Final

from attrs import field, frozen

from entrada.core.directory.application_rules import Broken
from entrada.core.gateway import named_values
from entrada.core.gateway.entities.ids import NamedValueId, about_id

LONGEST_VALUE: Final = 4096
_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,256}")


@frozen(kw_only=True)
class NamedValue:
    id: NamedValueId
    display_name: str  # what stands between the braces
    value: str = field(repr=False)
    secret: bool = False
    tags: tuple[str, ...] = ()

    @property
    def in_policies(self) -> named_values.NamedValue:
        return named_values.NamedValue(self.display_name, self.value, self.secret)


def problems(value: NamedValue) -> Iterator[Broken]:
    yield from about_id(value.id)
    if not _NAME.fullmatch(value.display_name):
        said = "A name has 1 to 256 letters, digits, dots, dashes and underscores: it is written {{name}} in policies."
        yield Broken(said, "displayName")
    if not 1 <= len(value.value) <= LONGEST_VALUE:
        yield Broken(f"A value has 1 to {LONGEST_VALUE} characters.", "value")
    if len(value.tags) > 32:
        yield Broken("A named value has at most 32 tags.", "tags")
