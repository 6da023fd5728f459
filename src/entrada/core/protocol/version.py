"""Which generation of endpoints and tokens: `/oauth2/…` answers as v1.0, `/oauth2/v2.0/…` as v2.0."""

from enum import StrEnum


class Version(StrEnum):
    V1 = "1.0"
    V2 = "2.0"
