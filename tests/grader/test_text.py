import itertools
import re

import pytest

from grader.text import number, one_line, printable, slug

NAMES = [
    "", " ", "\t", ".", "..", "/", "../../etc/passwd", "a/b", "a\\b", "a b", "a-b", "a_b", "anna", "Anna", "ANNA",
    "zoë", "zoe", "zoe\u0308", "李小龍", "李小竜", "\U0001f600", "\U0001f601", "<b>", "&lt;b&gt;", "con", "NUL", "com1",
    "x" * 500, "x" * 501, "x" * 64, "x" * 65, "a\x00b", "a\x01b", "\udc80", "\udc81", "b10901001", "-rf", "a-", "a--",
    "student", slug("Anna"), slug(""), slug(slug("Anna")), "a.html", "A.html",
]  # fmt: skip


def test_slugs_are_safe_file_names():
    for name in NAMES:
        assert re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", slug(name)), name
        assert slug(name) not in ("con", "nul", "com1")


def test_different_students_never_share_a_slug():
    pairs = [(first, second) for first, second in itertools.combinations(NAMES, 2) if slug(first) == slug(second)]
    assert pairs == []


@pytest.mark.parametrize("name", ["anna", "b10901001", "a_b", "a-b", "x" * 64])
def test_a_plain_name_is_its_own_slug(name):
    assert slug(name) == name


def test_printable_leaves_nothing_that_acts():
    everything = "".join(map(chr, range(0x3000))) + "\udc80\u2067x\x1b[31mred\x1b[0m\x1b]8;;http://x\x1b\\"
    shown = printable(everything)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)
    assert "red" in shown
    assert "[31m" not in shown


@pytest.mark.parametrize("text", ["plain", "Björn Ångström", "李小龍", "\U0001f468\u200d\U0001f469", "a\tb\nc"])
def test_harmless_text_is_left_alone(text):
    assert printable(text) == text


def test_one_line_is_one_line():
    assert one_line(" a\n\n b\r\nc\td ") == "a b c d"


def test_numbers_are_short():
    assert [number(value) for value in (2, 2.0, 1.5, 1 / 3, 0, 10)] == ["2", "2", "1.5", "0.33", "0", "10"]
