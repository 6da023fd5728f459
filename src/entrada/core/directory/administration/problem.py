"""Why something was not done: Graph's error codes, words and the member at fault.  Reference section 38."""

from attrs import frozen


@frozen(kw_only=True)
class Detail:
    code: str
    message: str
    target: str | None = None


@frozen(kw_only=True)
class Problem:
    """Nothing was written.  *message* says what to change; *target* is Graph's path of the member that is wrong."""

    status: int
    code: str
    message: str
    target: str | None = None
    details: tuple[Detail, ...] = ()


def bad(message: str, target: str | None = None) -> Problem:
    return Problem(status=400, code="Request_BadRequest", message=message, target=target)


def unsupported_query(message: str, target: str | None = None) -> Problem:
    return Problem(status=400, code="Request_UnsupportedQuery", message=message, target=target)


def denied(message: str) -> Problem:
    return Problem(status=403, code="Authorization_RequestDenied", message=message)


def not_found(what: str, name: str) -> Problem:
    """*what* as in "application"; *name* as it was asked for."""
    return Problem(
        status=404, code="Request_ResourceNotFound", message=f"There is no {what} '{name}' here, or it was deleted."
    )


def taken(message: str, target: str | None = None) -> Problem:
    """Another object holds a name that must be its own."""
    return Problem(status=409, code="Request_MultipleObjectsWithSameKeyValue", message=message, target=target)


def over_quota(message: str) -> Problem:
    return Problem(status=403, code="Directory_QuotaExceeded", message=message)


def stale(details: tuple[Detail, ...] = ()) -> Problem:
    """The object is no longer what the caller saw; *details* say what changed, who did it and when."""
    message = "The object was changed since you read it; nothing was written. Read it again, then change it."
    return Problem(status=412, code="PreconditionFailed", message=message, details=details)
