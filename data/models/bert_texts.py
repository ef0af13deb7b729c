"""English prose from Debian's packages, for `train_bert.py` to learn masked words from.

Dictionaries, manuals and books carry whole sentences. `collect` unpacks the packages (they need not be
installed) and keeps what reads like prose.
"""

import gzip
import random
import re
import subprocess
import tempfile
import zlib
from pathlib import Path

from bs4 import BeautifulSoup

# Each package with the files to read, the way to read them, and the share of its paragraphs to take: dictionaries and
# manuals of programs are much alike within themselves
PACKAGES = {
    "anarchism": ("**/*.html", "markup", 1.0),
    "dict-devil": ("**/*.dict.dz", "entries", 1.0),
    "dict-foldoc": ("**/*.dict.dz", "entries", 0.5),
    "dict-gcide": ("**/*.dict.dz", "entries", 0.4),
    "dict-jargon": ("**/*.dict.dz", "entries", 1.0),
    "fortunes": ("**/fortunes/*", "fortunes", 1.0),
    "gimp-help-en": ("**/en/*.html", "markup", 0.5),
    "perl-doc": ("**/*.pod", "pod", 0.4),
    "r-cran-janeaustenr": ("**/data/Rdata.rdb", "novels", 1.0),
    "wordnet-base": ("**/data.*", "glosses", 1.0),
}
COMMON = {
    *"the of and to a in is it you that he was for on are with as his they be at this have from or had by".split()
}


def collect(folder):
    """Paragraphs of all packages, downloaded to and unpacked in `folder`."""
    choice, kept = random.Random(0), []
    for package, (_, _, share) in PACKAGES.items():
        kept += [text for text in read_package(package, Path(folder)) if choice.random() < share]
    return kept


def read_package(package, folder):
    pattern, form, _ = PACKAGES[package]
    place = folder / package
    if not place.exists():
        unpack(package, place)
    seen = {}  # a dict keeps the order and drops what is there twice
    for path in sorted(place.glob(pattern)):
        if path.is_file():
            seen |= dict.fromkeys(filter(is_prose, READERS[form](path)))
    return list(seen)


def unpack(package, place):
    """Download a Debian package and extract its files into the folder `place`, without installing it."""
    with tempfile.TemporaryDirectory() as downloads:
        subprocess.run(["apt-get", "download", "-qq", package], cwd=downloads, check=True)
        (file,) = Path(downloads).glob("*.deb")
        place.mkdir(parents=True)
        subprocess.run(["dpkg", "-x", str(file), str(place)], check=True)


def is_prose(paragraph):
    """Whether a text has the length, the letters and the small words of a sentence."""
    words = re.findall(r"[a-z]+", paragraph.lower())
    letters = sum(map(str.isalpha, paragraph)) / max(1, len(paragraph))
    return len(words) >= 6 and letters > 0.72 and sum(word in COMMON for word in words) / len(words) > 0.12


def one_line(text):
    return re.sub(r"\s+", " ", text).strip()


def decoded(path):
    data = path.read_bytes()
    if path.suffix == ".dz":
        data = gzip.decompress(data)
    return data.decode("utf-8", errors="replace")


def markup(path):
    """Paragraphs and list items of HTML."""
    nodes = BeautifulSoup(decoded(path), "html.parser").find_all(["p", "dd"])
    return [one_line(node.get_text()) for node in nodes]


def entries(path):
    """Definitions and quotations of a dictionary, which blank lines part; marks and references taken out."""
    text = re.sub(r"\[[^\]]*\]|[{}]|--[A-Z][\w. ]*", "", decoded(path))
    text = re.sub(r"(?m)^\s*(\(\w\)|\d+\.)\s+", "", text)
    return [one_line(block) for block in re.split(r"\n\s*\n", text)]


def fortunes(path):
    return [] if path.suffix else [one_line(text) for text in re.split(r"\n%\n", decoded(path))]


def pod(path):
    """Paragraphs of Perl's documentation; indented ones are code."""
    blocks = re.split(r"\n\s*\n", decoded(path))
    return [one_line(re.sub(r"[A-Z]<+([^<>]*)>+", r"\1", block)) for block in blocks if block[:1].isalpha()]


def novels(path):
    """Paragraphs of an R data file: compressed objects, each a vector of lines, of which empty ones part paragraphs."""
    data, lines = path.read_bytes(), []
    while data:
        stream = zlib.decompressobj()
        lines += r_strings(stream.decompress(data[4:]))  # the first four bytes are the size
        data = stream.unused_data
    return [one_line(text) for text in "\n".join(lines).split("\n\n")]


def r_strings(data):
    """The ASCII strings of a serialised R vector: 00 04 00 09, the length in four bytes, the text."""
    found = re.finditer(rb"\x00\x04\x00\x09(\x00\x00..)", data, re.DOTALL)
    return [data[at.end() : at.end() + int.from_bytes(at[1], "big")].decode("ascii", "ignore") for at in found]


def glosses(path):
    """Definitions and examples of WordNet's entries, as `word: definition` and as sentences of their own."""
    found = []
    for line in decoded(path).splitlines():
        head, bar, gloss = line.partition("|")
        if bar:
            definition, *examples = re.split(r';\s*"', gloss.strip())
            found += [f"{head.split()[4].replace('_', ' ')}: {definition}", *(text.strip('" ') for text in examples)]
    return found


READERS = {function.__name__: function for function in (markup, entries, fortunes, pod, novels, glosses)}
