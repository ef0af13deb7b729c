"""Markdown to HTML with formulas as MathML, which browsers draw without JavaScript."""

from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

MAX_FORMULA = 2_000  # characters; a longer formula stays as it was written


def markdown_to_html(source):
    """`source` (str, Markdown with `$...$`) as HTML (str). Not sanitised: raw HTML passes through."""
    return MarkdownWithMath(renderer=_Renderer(escape=False, exclude_anchor_links=True)).render(source)


def formula_to_mathml(latex, display):
    """`latex` (str) as a MathML element (str), or None if it cannot be read. Not sanitised.

    display: "inline" or "block"
    """
    if len(latex) > MAX_FORMULA:
        return None
    # Two environments that the converter does not know, in terms of ones that it does.
    latex = latex.replace("{aligned}", "{align*}").replace(r"\operatorname*", r"\mathrm")
    try:
        return convert(latex, display=display)
    except Exception:  # the converter raises whatever its parser stumbles over; the formula then stays as written
        return None


class _Renderer(IPythonRenderer):
    """nbconvert's renderer, with the three kinds of mathematics converted where possible."""

    def inline_math(self, body):
        return formula_to_mathml(body, "inline") or super().inline_math(body)

    def block_math(self, body):
        return formula_to_mathml(body, "block") or super().block_math(body)

    def latex_environment(self, name, body):
        whole = rf"\begin{{{name}}}{body}\end{{{name}}}"
        return formula_to_mathml(whole, "block") or super().latex_environment(name, body)
