"""The C# types that an expression can have, each with what holds its values here."""

from datetime import datetime, timedelta
from enum import Enum
from typing import Final, Generic, TypeAlias, TypeVar, cast
from uuid import UUID

from attrs import field, frozen

from entrada.core.gateway.expressions import context as given
from entrada.core.gateway.expressions.dictionary import Dictionary

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@frozen
class Char:
    value: str

    def __str__(self) -> str:
        return self.value


@frozen
class Type(Generic[T_co]):
    """Two types are the same when they have the same name."""

    name: str  # as C# spells it
    holds: type[T_co] = field(eq=False, repr=False)
    is_reference: bool = field(default=True, eq=False, repr=False)  # may be null
    of: "Type[object] | None" = field(default=None, eq=False, repr=False)  # of a Nullable<T> or an array

    def __str__(self) -> str:
        return self.name

    @property
    def is_array(self) -> bool:
        return self.name.endswith("[]")

    @property
    def is_nullable_value(self) -> bool:
        return self.name.endswith("?")

    @property
    def bare(self) -> "Type[object]":
        """Without a question mark."""
        return self.of if self.of is not None and self.is_nullable_value else self


def a(one: "Type[object]") -> str:
    """In a sentence: a string, an int."""
    return f"an {one.name}" if one.name[0] in "aeioIA" else f"a {one.name}"


AnyType: TypeAlias = Type[object]


class Comparison(Enum):  # StringComparison
    ORDINAL = "Ordinal"
    ORDINAL_IGNORE_CASE = "OrdinalIgnoreCase"


def nullable(one: "Type[T]") -> "Type[T]":
    return one if one.is_reference else Type(f"{one.name}?", one.holds, is_reference=True, of=one)


def array(one: "Type[T]") -> "Type[tuple[T, ...]]":
    return Type(f"{one.name}[]", cast("type[tuple[T, ...]]", tuple), of=one)


# fmt: off
OBJECT: Final = Type("object", object)
NULL: Final = Type("null", type(None))
STRING: Final = Type("string", str)
BOOL: Final = Type("bool", bool, is_reference=False)
INT: Final = Type("int", int, is_reference=False)
LONG: Final = Type("long", int, is_reference=False)
DOUBLE: Final = Type("double", float, is_reference=False)
CHAR: Final = Type("char", Char, is_reference=False)
STRING_COMPARISON: Final = Type("StringComparison", Comparison, is_reference=False)
PRODUCT_STATE: Final = Type("ProductState", str, is_reference=False)  # by its name
STRINGS: Final = array(STRING)
CHARS: Final = array(CHAR)
UNKNOWN: Final = Type("?", object)  # of what was told to be a fault: nothing more is said about it
GUID: Final = Type("Guid", UUID, is_reference=False)
DATE_TIME: Final = Type("DateTime", datetime, is_reference=False)
TIME_SPAN: Final = Type("TimeSpan", timedelta, is_reference=False)
HEADERS: Final = Type("IReadOnlyDictionary<string, string[]>", Dictionary)  # query and claims too
PARAMETERS: Final = Type("IReadOnlyDictionary<string, string>", Dictionary)
VARIABLES: Final = Type("IReadOnlyDictionary<string, object>", Dictionary)
JWT: Final = Type("Jwt", given.Jwt)
BASIC: Final = Type("BasicAuthCredentials", given.Basic)
CONTEXT: Final = Type("IProxyRequestContext", given.Context)
REQUEST: Final = Type("IRequest", given.Request)
RESPONSE: Final = Type("IResponse", given.Response)
URL: Final = Type("IUrl", given.Url)
LAST_ERROR: Final = Type("LastError", given.LastError)
API: Final = Type("IApi", given.Api)
OPERATION: Final = Type("IOperation", given.Operation)
PRODUCT: Final = Type("IProduct", given.Product)
SUBSCRIPTION: Final = Type("ISubscription", given.Subscription)
USER: Final = Type("IUser", given.User)
DEPLOYMENT: Final = Type("IDeployment", given.Deployment)
# fmt: on
