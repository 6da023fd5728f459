"""A noun of the gateway as its store keeps it."""

from typing import Generic, TypeVar

from attrs import frozen

T = TypeVar("T")


@frozen
class Kept(Generic[T]):
    """Without what is secret in it.  *version* is what a change says that it has seen."""

    noun: T
    version: int
