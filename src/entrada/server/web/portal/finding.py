"""What people type to find somebody or something: the beginning of any word of a name, or an id pasted whole."""

from entrada.core.directory.ids import parse_guid
from entrada.core.directory.query.condition import EVERYTHING, Compare, Condition, Either, Op
from entrada.core.directory.query.fields import words


def named(text: str, *fields: str, addresses: tuple[str, ...] = (), ids: tuple[str, ...] = ("id",)) -> Condition:
    """*fields* may be searched; *addresses* are known by how they begin.  Everything, where nothing was typed."""
    if not text:
        return EVERYTHING
    guid = parse_guid(text.strip("{}"))
    if guid is not None:
        return Either(tuple(Compare(field, Op.EQ, guid) for field in ids))
    begins = [Compare(field, Op.STARTS_WITH, text) for field in addresses]
    if "@" in text and addresses:
        return Either(tuple(begins))  # these are in indexes: nobody's words need be read
    how = Op.SEARCH if words(text) else Op.STARTS_WITH
    return Either((*(Compare(field, how, text) for field in fields), *begins))
