"""Claims that a registration asks for beyond the usual ones.  Graph: optionalClaims; reference section 32."""

from attrs import frozen


@frozen(kw_only=True)
class OptionalClaim:
    name: str
    essential: bool = False  # a hint only
    additional_properties: tuple[str, ...] = ()


@frozen(kw_only=True)
class OptionalClaims:
    id_token: tuple[OptionalClaim, ...] = ()
    access_token: tuple[OptionalClaim, ...] = ()
