"""The dictionaries that expressions look into: headers, query, claims, matched parameters, variables."""

from collections.abc import Iterable, Mapping

from attrs import field, frozen


@frozen
class Dictionary:
    """Names are compared exactly, or without regard to case: *ignores_case*."""

    entries: Mapping[str, object] = field(repr=False)
    ignores_case: bool = False

    @classmethod
    def of_pairs(cls, pairs: Iterable[tuple[str, str]], *, ignores_case: bool = True) -> "Dictionary":
        """Headers and query parameters: every value of a name, in the order in which they came.

        Azure's query is looked into without regard to case as well [unverified]: what a policy refuses as `debug` is
        then refused as `DEBUG`, which many a backend reads alike.
        """
        spelled: dict[str, str] = {}
        found: dict[str, list[str]] = {}
        for name, value in pairs:
            key = spelled.setdefault(name.lower() if ignores_case else name, name)
            found.setdefault(key, []).append(value)
        return cls({name: tuple(values) for name, values in found.items()}, ignores_case)

    def get(self, name: str) -> object | None:
        if not self.ignores_case:
            return self.entries.get(name)
        wanted = name.lower()
        return next((value for one, value in self.entries.items() if one.lower() == wanted), None)

    def __contains__(self, name: str) -> bool:
        if not self.ignores_case:
            return name in self.entries
        return any(one.lower() == name.lower() for one in self.entries)
