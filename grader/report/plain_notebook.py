"""A notebook made anew from one that cannot be trusted: texts and pictures only, so much and no more.

The kernel belonged to the student, so what it left may hold anything, also things that are no notebook. Nothing is
repaired: cells and outputs are new, filled with the texts found where texts belong. The allowances bound the time
that Markdown and HTML parsers take, which grows quadratically with nesting, whoever wrote the input.
"""

import re

import nbformat

MAX_TEXT = 100_000  # characters of one output
MAX_SOURCE = 20_000  # characters of one cell's source
MAX_MARKDOWN = 10_000  # characters of one piece of Markdown
MAX_TAGS = 5_000  # of one piece of HTML or Markdown
MAX_OUTPUTS = 300  # of one notebook
# Of one notebook altogether:
ALLOWED_TEXT, ALLOWED_MARKDOWN, ALLOWED_TAGS = 2_000_000, 100_000, 20_000

_CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PICTURES = ("image/png", "image/jpeg")


def rebuild_for_display(found, clean):
    """A valid nbformat 4 notebook (NotebookNode) that shows what `found` (any JSON value) holds.

    clean: function from untrusted HTML to balanced, harmless HTML
    Of an output with several representations the best that can be shown is kept: a picture, else HTML, Markdown,
    LaTeX, plain text. Metadata, attachments and widgets without a picture are dropped. Markdown is not sanitised here.
    """
    return _Rebuilder(clean).notebook(found)


class _Rebuilder:
    """Rebuilds one notebook, counting what is left of its allowances."""

    def __init__(self, clean):
        self._clean = clean
        self._text_left = ALLOWED_TEXT
        self._markdown_left = ALLOWED_MARKDOWN
        self._tags_left = ALLOWED_TAGS
        self._outputs_left = MAX_OUTPUTS

    def notebook(self, found):
        cells = [cell for cell in _list(_get(found, "cells")) if isinstance(cell, dict)]
        rebuilt = [self._cell(cell, position) for position, cell in enumerate(cells)]
        seen = set()
        for position, cell in enumerate(rebuilt):
            if cell.id in seen:
                cell["id"] = f"position-{position}-again"
            seen.add(cell.id)
        metadata = {"language_info": {"name": "python", "pygments_lexer": "ipython3"}}
        return nbformat.v4.new_notebook(cells=rebuilt, metadata=metadata)

    def _cell(self, cell, position):
        identity = cell.get("id")
        known = isinstance(identity, str) and _CELL_ID.fullmatch(identity)
        common = dict(
            id=identity if known else f"position-{position}", source=self._text(cell.get("source"), MAX_SOURCE)
        )
        if cell.get("cell_type") == "markdown":
            return nbformat.v4.new_markdown_cell(**common | {"source": self._markdown(common["source"])})
        if cell.get("cell_type") != "code":
            return nbformat.v4.new_raw_cell(**common)
        shown = [output for output in _list(cell.get("outputs")) if not _is_widget(output)]
        outputs = [self._output(output) for output in shown[: self._outputs_left]]
        self._outputs_left -= len(outputs)
        count = cell.get("execution_count")
        count = count if type(count) is int else None
        return nbformat.v4.new_code_cell(**common, outputs=outputs, execution_count=count)

    def _output(self, output):
        kind = _get(output, "output_type")
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            return nbformat.v4.new_output("stream", name=name, text=self._text(output.get("text")))
        if kind == "error":
            return self._error(output)
        return self._display(_get(output, "data"), _get(output, "metadata"))

    def _error(self, error):
        name, value = self._text(error.get("ename")), self._text(error.get("evalue"))
        lines = [self._text(line) for line in _list(error.get("traceback"))[:1000]]
        return nbformat.v4.new_output("error", ename=name, evalue=value, traceback=lines or [f"{name}: {value}"])

    def _display(self, data, metadata):
        for kind in _PICTURES:
            if _get(data, kind):
                width = _get(_get(metadata, kind), "width")
                properties = {"alt": "figure"} | ({"width": width} if type(width) is int else {})
                return _display_data({kind: _whole_text(data[kind])}, {kind: properties})
        if _get(data, "image/svg+xml") or _get(data, "image/gif"):
            return _display_data({"text/plain": "(a picture of a kind that this report does not show: use PNG)"})
        if _get(data, "text/html"):
            return _display_data({"text/html": self._clean(self._markup(self._text(data["text/html"])))})
        for kind in ("text/markdown", "text/latex"):
            if _get(data, kind):
                return _display_data({"text/markdown": self._markdown(self._text(data[kind]))})
        return _display_data({"text/plain": self._text(_get(data, "text/plain"))})

    def _text(self, value, most=MAX_TEXT):
        text = _whole_text(value)
        shown = text[: min(most, self._text_left)]
        self._text_left -= len(shown)
        cut = len(text) - len(shown)
        return shown + (f"\n[{cut} more characters, not shown]" if cut else "")

    def _markdown(self, text):
        if len(text) > min(MAX_MARKDOWN, self._markdown_left):
            return f"({len(text)} characters of Markdown, not shown: too long)"
        self._markdown_left -= len(text)
        return self._markup(text)

    def _markup(self, text):
        tags = text.count("<")
        if tags > min(MAX_TAGS, self._tags_left):
            return f"({tags} tags, not shown: too many)"
        self._tags_left -= tags
        return text


def _is_widget(output):
    """Whether it needs a live kernel and has no picture, only the text that it began with (a progress bar at 0 %)."""
    data = _get(output, "data")
    pictured = any(_get(data, kind) for kind in _PICTURES)
    return bool(_get(data, "application/vnd.jupyter.widget-view+json")) and not pictured


def _display_data(data, metadata=None):
    return nbformat.v4.new_output("display_data", data=data, metadata=metadata or {})


def _whole_text(value):
    """A text, which nbformat also allows to be a list of lines; anything else is empty."""
    lines = value if isinstance(value, list) else [value]
    text = "".join(line for line in lines if isinstance(line, str))
    # A lone surrogate cannot be written as UTF-8.
    return text.encode("utf-8", "replace").decode()


def _list(value):
    return value if isinstance(value, list) else []


def _get(value, key):
    return value.get(key) if isinstance(value, dict) else None
