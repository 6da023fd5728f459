"""What is written into a file: nested members and lists of plain values, without what goes without saying."""

Plain = str | int | bool | list["Plain"] | dict[str, "Plain"]


def members(**values: Plain | None) -> dict[str, Plain]:
    """The members that say something: no None, no empty list, no empty object."""
    return {name: value for name, value in values.items() if value is not None and value not in ([], {})}


def unless_true(value: bool) -> bool | None:  # noqa: FBT001  (a value to write, no switch)
    """False where it is false; a reader of the file assumes true."""
    return None if value else False


def texts(values: "list[str] | tuple[str, ...]") -> list[Plain]:
    return list[Plain](values)
