"""`required-claims` of the two policies that validate tokens.  Gateway reference section 2.2."""

from typing import Final

from attrs import frozen

from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.shape import Attribute, Shape, item
from entrada.core.gateway.elements.value import Constant, Value
from entrada.core.gateway.passage import Passage
from entrada.core.gateway.tokens.claim import RequiredClaim


@frozen(kw_only=True)
class ClaimCheck:
    name: Value[str]
    match: Value[str]
    separator: Value[str] | None
    values: tuple[Value[str], ...]

    def of(self, passage: Passage) -> RequiredClaim:
        return RequiredClaim(
            name=self.name.of(passage),
            values=tuple(one.of(passage) for one in self.values),
            match_any=self.match.of(passage) == "any",
            separator=None if self.separator is None else self.separator.of(passage) or None,
        )


SHAPE: Final = Shape(
    name="required-claims",
    what="claims that the token must have",
    children=(
        Shape(
            name="claim",
            what="one of them",
            repeats=True,
            required=True,
            attributes=(
                Attribute(
                    name="name",
                    what="as the token calls it",
                    required=True,
                    suggested=("scp", "roles", "tid", "azp", "appid", "oid", "sub", "groups"),
                ),
                Attribute(
                    name="match",
                    what="whether all values below must be in it, or one",
                    values=("all", "any"),
                    default="all",
                ),
                Attribute(
                    name="separator",
                    what="divides a claim that is one text into values: scp has spaces",
                    suggested=(" ", ","),
                ),
            ),
            children=(item("value", "a value that is wanted", "the value", required=False),),
        ),
    ),
)


def read_required_claims(reading: Reading) -> tuple[ClaimCheck, ...]:
    listed = reading.child("required-claims")
    if listed is None:
        return ()
    found = tuple(_claim(one) for one in listed.children("claim"))
    if not found:
        listed.fault(listed.element.place, "<required-claims> holds no <claim>.", "add one, or leave it out.")
    listed.done()
    return found


def _claim(reading: Reading) -> ClaimCheck:
    check = ClaimCheck(
        name=reading.required("name", 'write name="…", as the claim is called in the token.'),
        match=reading.one_of("match", ("all", "any"), "all"),
        separator=reading.text("separator"),
        values=reading.texts("value"),
    )
    reading.done()
    if check.separator == Constant(""):
        what = "The separator is empty."
        reading.fault(reading.place_of("separator"), what, 'write separator=" ", or leave it out.')
    return check
