"""Another text than an artefact, by the least that can change: one bit, one character, an end."""

from string import ascii_lowercase, ascii_uppercase, digits
from typing import Final

from hypothesis import strategies as st

from entrada.core.jose import base64url

_LETTERS: Final = ascii_uppercase + ascii_lowercase + digits + "-_"  # of what they stand for
# What survives a header, a cookie and a form as it is, so that the change arrives as one.
_MORE: Final = "Aa0-_=.~%+/"


def changed(text: str) -> st.SearchStrategy[str]:
    """Never *text* itself."""
    ways = (_bits(text), _letters(text), _cut(text), _grown(text), _cased(text), _moved(text))
    return st.one_of(*ways).filter(lambda other: other != text)


def classics(text: str) -> list[str]:
    """What every decoder is tried with: padding, ends cut off, and the letters that differ in bits nobody reads."""
    padded = [
        ".".join((*parts[:at], parts[at] + "=" * count, *parts[at + 1 :])) for parts, at, count in _paddings(text)
    ]
    last = _LETTERS.index(text[-1])
    tails = [text[:-1] + _LETTERS[last ^ bits] for bits in (1, 2, 3, 4, 8, 16, 32)]
    return [*padded, *tails, text[1:], text[:-1], text[:-2], text[: len(text) // 2], text + "A", text + ".", "." + text]


def _paddings(text: str) -> list[tuple[list[str], int, int]]:
    parts = text.split(".")
    return [(parts, at, count) for at in range(len(parts)) for count in (1, 2)]


def _bits(text: str) -> st.SearchStrategy[str]:
    """Of the bytes that a part stands for, spelled properly again."""

    def flip(part: int, at: float, bit: int) -> str:
        parts = text.split(".")
        raw = bytearray(base64url.decode(parts[part]))
        raw[int(at * len(raw))] ^= 1 << bit
        parts[part] = base64url.encode(bytes(raw))
        return ".".join(parts)

    return st.builds(flip, st.integers(0, text.count(".")), st.floats(0, 1, exclude_max=True), st.integers(0, 7))


def _letters(text: str) -> st.SearchStrategy[str]:
    """One for another; each last one too, whose lowest bits may stand for nothing."""
    places = st.one_of(st.just(len(text) - 1), st.just(text.find(".") - 1), st.integers(0, len(text) - 1))
    return st.builds(
        lambda at, letter: text[:at] + letter + text[at + 1 :] if at >= 0 else text, places, st.sampled_from(_LETTERS)
    )


def _cut(text: str) -> st.SearchStrategy[str]:
    few = st.one_of(st.integers(1, 4), st.integers(1, len(text)))
    return st.one_of(few.map(lambda count: text[count:]), few.map(lambda count: text[:-count]))


def _grown(text: str) -> st.SearchStrategy[str]:
    more, at = st.text(_MORE, min_size=1, max_size=4), st.integers(0, len(text))
    anywhere = st.one_of(st.just(0), st.just(len(text)), at)
    return st.builds(lambda place, slipped_in: text[:place] + slipped_in + text[place:], anywhere, more)


def _cased(text: str) -> st.SearchStrategy[str]:
    one = st.integers(0, len(text) - 1).map(lambda at: text[:at] + text[at].swapcase() + text[at + 1 :])
    return st.one_of(st.sampled_from([text.lower(), text.upper(), text.swapcase()]), one)


def _moved(text: str) -> st.SearchStrategy[str]:
    """Two neighbours, or whole parts, change places; or all of it comes twice."""
    swapped = st.integers(0, len(text) - 2).map(lambda at: text[:at] + text[at + 1] + text[at] + text[at + 2 :])
    parts = text.split(".")
    return st.one_of(swapped, st.sampled_from([".".join(reversed(parts)), text + text, f"{text}.{text}"]))
