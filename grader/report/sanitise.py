"""What of a student's HTML may reach a page: a short list of tags, attributes, classes and pictures.

This is the first wall; the second is the Content-Security-Policy of every page (`grader.report.pages`).
"""

import base64
import re
import warnings
from functools import lru_cache
from io import BytesIO

import nh3
from PIL import Image, UnidentifiedImageError
from pygments.token import STANDARD_TYPES

MAX_PIXELS = 40_000_000  # of one picture; a few kilobytes of PNG can ask a browser for gigabytes

_TEXT_TAGS = set(
    "a b blockquote br code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins kbd li ol p pre q s samp small "
    "span strong sub sup table tbody td tfoot th thead tr tt u ul var caption".split()
)
_MATH_TAGS = set(
    "math mfrac mi mn mo mover mpadded mphantom mroot mrow mspace msqrt mstyle msub msubsup msup mtable mtd "
    "mtext mtr munder munderover".split()
)
_REMOVED_WITH_CONTENT = set(
    "script style svg iframe object embed applet form template noscript noembed noframes xmp plaintext title "
    "textarea select annotation annotation-xml mglyph malignmark".split()
)
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "width"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "math": {"display"},
    "mo": {"stretchy", "fence", "form", "accent", "separator"},
    "mi": {"mathvariant"},
    "mspace": {"width", "linebreak"},
    "mtable": {"displaystyle"},
    "mtd": {"columnalign"},
    "mover": {"accent"},
    "mstyle": {"displaystyle", "scriptlevel"},
}
_COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_ANSI_CLASSES = {
    f"ansi-{colour}{intense}-{ground}" for colour in _COLOURS for intense in ("", "-intense") for ground in ("fg", "bg")
} | {"ansi-bold", "ansi-underline"}
_CLASSES = {
    "span": set(STANDARD_TYPES.values()) - {""} | _ANSI_CLASSES,
    "div": set(
        "cell code_cell text_cell input prompt input_prompt output_prompt inner_cell input_area output "
        "output_area output_subarea output_text output_stream output_stderr output_error rendered_html "
        "highlight".split()
    ),
}
_IMAGE = re.compile(r"data:image/(png|jpeg|gif);base64,([A-Za-z0-9+/=\s]+)")
_ATTRIBUTE_VALUES = {
    "href": re.compile(r"https?://\S+"),
    "width": re.compile(r"\d{1,4}|-?[0-4](\.\d+)?em"),
    "colspan": re.compile(r"\d{1,3}"),
    "rowspan": re.compile(r"\d{1,3}"),
    "id": re.compile(r"(?:n\d+-)?cell-id=[A-Za-z0-9_-]{1,64}"),
}


def clean_fragment(html):
    """`html` (str) reduced to harmless, balanced HTML without any `id` (str)."""
    return _cleaner(None).clean(html)


def clean_notebook(html, id_prefix):
    """The same for a whole rendered notebook; the ids that nbconvert gave to the cells stay, prefixed."""
    return _cleaner(id_prefix).clean(html)


def is_harmless_picture(kind, content):
    """Whether `content` (bytes) is a `kind` ("png", "jpeg" or "gif") of sensible size, judged by its header."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=[kind.upper()]) as picture:
                return picture.width * picture.height <= MAX_PIXELS
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return False
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError):
        return False  # Pillow's parsers raise any of these on a malformed header


@lru_cache(maxsize=64)
def _cleaner(id_prefix):
    attributes = _ATTRIBUTES if id_prefix is None else _ATTRIBUTES | {"div": {"id"}}
    return nh3.Cleaner(
        tags=_TEXT_TAGS | _MATH_TAGS,
        clean_content_tags=_REMOVED_WITH_CONTENT,
        attributes=attributes,
        attribute_filter=_accepted_value,
        allowed_classes=_CLASSES,
        url_schemes={"http", "https", "data"},
        url_relative="deny",
        id_prefix=id_prefix,
    )


def _accepted_value(_tag, attribute, value):
    """`value` or None, which drops the attribute (called by nh3)."""
    if attribute == "src":
        return _accepted_picture(value)
    pattern = _ATTRIBUTE_VALUES.get(attribute)
    return value if pattern is None or pattern.fullmatch(value) else None


def _accepted_picture(uri):
    match = _IMAGE.fullmatch(uri)
    if match is None:
        return None
    try:
        content = base64.b64decode(match[2])
    except ValueError:
        return None
    return uri if is_harmless_picture(match[1], content) else None
