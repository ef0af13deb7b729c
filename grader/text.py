"""Text of unknown origin (names, outputs) made harmless for pages, tables and file names."""

import hashlib
import re
import unicodedata

REPLACEMENT = "\ufffd"
_ESCAPE_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_DIRECTION_OVERRIDES = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_PLAIN_NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9_])?")
_HASHED_NAME = re.compile(r".*-[0-9a-f]{16}")
_WINDOWS_DEVICE = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9]")


def printable(text):
    """`text` without terminal escape sequences; every other character that could act rather than show
    (control characters, lone surrogates, overrides of the writing direction) becomes U+FFFD.

    Line feeds and tabs stay. Does not escape HTML.
    """
    text = _ESCAPE_SEQUENCE.sub("", str(text)).replace("\r\n", "\n")
    return "".join(_harmless(character) for character in text)


def one_line(text):
    """`printable(text)` on one line, each run of white space a single space."""
    return " ".join(printable(text).split())


def number(value):
    """`value` with at most two decimals and no trailing zeros: 2, 1.5, 0.33."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def slug(student):
    """A file name for `student`: lower-case ASCII letters, digits, `-` and `_`, at most 64 characters.

    A name that is already of this form is its own slug; any other name gets 16 digits of its SHA-256 appended,
    so that two students never share a slug, not even on a file system that ignores case.
    """
    if _PLAIN_NAME.fullmatch(student) and not _HASHED_NAME.fullmatch(student) and not _is_device(student):
        return student
    digits = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{_readable(student) or 'student'}-{digits}"


def _harmless(character):
    if character in "\n\t":
        return character
    acts = unicodedata.category(character) in ("Cc", "Cs") or character in _DIRECTION_OVERRIDES
    return REPLACEMENT if acts else character


def _readable(student):
    ascii_only = unicodedata.normalize("NFKD", student).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower())[:40].strip("-")


def _is_device(name):
    # Windows opens a device instead of a file of one of these names, whatever its suffix.
    return _WINDOWS_DEVICE.fullmatch(name) is not None
