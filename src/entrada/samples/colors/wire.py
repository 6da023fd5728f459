"""The JSON of the Colors API."""

from pydantic import BaseModel, Field


class Color(BaseModel):
    name: str = Field(pattern=r"^[a-z][a-z-]{0,30}$", examples=["zinnober"])
    hex: str = Field(pattern=r"^#[0-9a-f]{6}$", examples=["#e34234"])


class Colors(BaseModel):
    colors: list[Color]


class Washed(BaseModel):
    removed: int
