"""A slider through the layers: tokens as points, for any passage, layer and question.

It is made of ipywidgets. Where there is no notebook, or they are not installed, one picture stands in for it; a saved
notebook keeps that picture for viewers without widgets.
"""

from base64 import b64encode
from functools import lru_cache
from html import escape
from io import BytesIO

from IPython import get_ipython
from IPython.display import display
from matplotlib import pyplot as plt

from helpers import embedding_plots, passages, plots

KEPT = 64  # pictures


def explore_layers(model, texts, project, name=None, layer=None):
    """Show a passage's tokens at one layer, with controls for passage, layer and question where there are widgets.

    model:   `bert.Bert` for questions
    texts:   dictionary of name -> `passages.Passage`
    project: function (tokens, dim) -> (tokens, 2), or one that returns None as long as it is not written
    name:    the passage to begin with, None for the first; layer: the same, None for the last
    """
    pictures = Pictures(model, texts, project)
    name, layer = name or next(iter(texts)), model.layers if layer is None else layer
    if embedding_plots.is_missing([project(pictures.read(name, "").output.hidden_states[0])]):
        return
    if get_ipython() is None:
        plots.show(pictures.figure(name, layer, ""))
        return
    picture = pictures.png(name, layer, "")
    bundle = {
        "image/png": b64encode(picture).decode(),
        "text/plain": "The tokens at one layer; with widgets, a slider through all layers",
    }
    try:
        bundle |= LayerExplorer(model, texts, pictures, name, layer).box._repr_mimebundle_()
    except ImportError:
        print("Without the package ipywidgets there is no slider; the sheet of all layers shows the same.")
    display(bundle, raw=True)


class Pictures:
    """Pictures of passages, layers and questions; the last ones are kept."""

    def __init__(self, model, texts, project):
        self._model, self._texts, self._project = model, texts, project
        self.read = lru_cache(KEPT)(self._read)
        self.png = lru_cache(KEPT)(self._png)

    def _read(self, name, question):
        return passages.read_passage(self._model, self._texts[name], question or None)

    def figure(self, name, layer, question):
        """A matplotlib figure; raises ValueError as `passages.read_passage` does."""
        reading = self.read(name, question)
        return embedding_plots.draw_layer(reading, self._project(reading.output.hidden_states[layer]), layer)

    def _png(self, name, layer, question):
        figure = self.figure(name, layer, question)
        buffer = BytesIO()
        figure.savefig(buffer, format="png")
        plt.close(figure)
        return buffer.getvalue()


class LayerExplorer:
    """The controls and the picture below them; `box` is what one displays."""

    def __init__(self, model, texts, pictures, name, layer):
        import ipywidgets as widgets

        self._pictures, self._texts = pictures, texts
        wide = {"description_width": "initial"}
        self.name = widgets.Dropdown(options=list(texts), value=name, description="passage", style=wide)
        self.layer = widgets.IntSlider(layer, 0, model.layers, description="layer", style=wide)
        self.question = widgets.Text(
            description="question", placeholder="your own question; empty for the passage's",
            continuous_update=False, style=wide, layout={"width": "30em"},
        )  # fmt: skip
        self.message = widgets.Label()
        self.picture = widgets.Image(format="png", layout={"max_width": "1000px"})
        self.text = widgets.HTML()
        for control in (self.name, self.layer, self.question):
            control.observe(self._redraw, "value")
        controls = widgets.HBox([self.name, self.layer, self.question], layout={"flex_flow": "row wrap"})
        self.box = widgets.VBox([controls, self.text, self.message, self.picture])
        self._redraw()

    def _redraw(self, change=None):
        if change is not None and change["owner"] is self.name:
            self.question.value = ""  # a question belongs to its passage
        self.text.value = f"<i>{escape(self._texts[self.name.value].context)}</i>"
        try:
            self.picture.value = self._pictures.png(self.name.value, self.layer.value, self.question.value.strip())
            self.message.value = ""
        except ValueError as error:  # a question that is too long, say
            self.message.value = str(error)
