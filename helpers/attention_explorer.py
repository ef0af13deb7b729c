"""An explorer of a BERT's attention for JupyterLab (after BertViz, Vig 2019): choose layer and heads, hide words.

Python reads the text; the browser draws it, with the JavaScript and CSS in the files beside this one and nothing else.
Where no widget is shown (a saved notebook, GitHub, a feedback page) the picture of its first state stands instead.
Layers and heads are counted from 1 here: layer 1 computes `hidden_states[1]`, and its attention is `attentions[0]`.
"""

from pathlib import Path

import anywidget
import torch
from IPython.display import display
from traitlets import Bool, Dict, Int, List, Unicode, observe

from helpers import bert
from helpers.attention_picture import as_png, check_heads, check_layer, picture

__all__ = ["AttentionExplorer", "explore", "picture"]

FOLDER = Path(__file__).parent
SENT_AT_ONCE = 2 * 2**20  # bytes; a longer text's layers travel one at a time
GUESSES = 5
NO_MASK = "This model has no [MASK] token, so words cannot be hidden."
NO_WORDS = 'This model does not guess words (load it with task="words"), so hiding one changes the attention only.'


def explore(model, sentence, second=None, layer=1, heads=None):
    """Explore how much the tokens of a text look at each other, and what the model expects where a word is hidden.

    model:    any `Bert`; without a head for words there is no prediction
    sentence: a text of one or more words; the reader can type another
    second:   None, or a second text that the model reads together with the first
    layer:    the layer shown first, from 1
    heads:    the heads shown first, numbers from 1; None for all
    returns:  `AttentionExplorer`; the last line of a cell shows it
    raises:   ValueError for a text that the model cannot read, a layer or a head that it does not have
    """
    return AttentionExplorer(model, sentence, second, layer, heads)


def _joined(*names):
    return "\n".join((FOLDER / f"attention_{name}").read_text("utf-8") for name in names)


class AttentionExplorer(anywidget.AnyWidget):
    """The widget behind `explore`.

    texts:       the text, or the two texts, that the reader wants to see
    hidden_word: the number of the word that is hidden, as in `Encoding.words`; -1 for none
    layer:       the layer shown
    shown_heads: the heads shown; where there are several, percentages are means over them
    view:        "lines" or "shading"
    difference:  whether the change is shown that hiding the word makes
    scene:       what the model read, for the browser; its attention is float16, (layers held, heads, tokens, tokens)
    problem:     why the last text could not be read; the scene before it stays
    """

    _esm = _joined("drawing.js", "parts.js", "explorer.js")
    _css = _joined("explorer.css", "columns.css")
    texts = List(Unicode()).tag(sync=True)
    hidden_word = Int(-1).tag(sync=True)
    layer = Int(1).tag(sync=True)
    shown_heads = List(Int()).tag(sync=True)
    view = Unicode("lines").tag(sync=True)
    difference = Bool(False).tag(sync=True)
    scene = Dict().tag(sync=True)
    problem = Unicode().tag(sync=True)

    def __init__(self, model, sentence, second=None, layer=1, heads=None):
        check_layer(model, layer)
        self._model = model
        texts = [sentence] if second is None else [sentence, second]
        encoding = bert.encode(model, *texts)
        self._texts, self._outputs = tuple(texts), {-1: _Reading(model, encoding)}
        super().__init__(texts=texts, layer=layer, shown_heads=check_heads(model, heads))

    def picture(self):
        """What is shown now (but for the view), as a figure that needs no browser."""
        return self._picture(self.hidden_word)

    def _picture(self, hidden_word):
        return picture(self._model, *self._texts, layer=self.layer, heads=self.shown_heads, hidden_word=hidden_word)

    @observe("texts", "hidden_word", "layer")
    def _look_again(self, _change):
        """The reader's wishes come several at once, the scene that fulfils them is made once."""
        held = self.scene.get("held", (1, 1))
        wanted = {"texts": list(self.texts), "hidden_word": self.hidden_word}
        if self.layer in range(*held) and wanted == {name: self.scene[name] for name in wanted}:
            return
        try:
            self._read(self.texts)
            self.scene = self._scene()
            self.problem = ""
        except ValueError as error:
            self._stay()
            self.problem = _sentence(str(error))

    def _stay(self):
        """Take back the wishes that cannot be fulfilled."""
        with self.hold_trait_notifications():
            self.texts, self.hidden_word = self.scene["texts"], self.scene["hidden_word"]

    def _read(self, texts):
        """Let the model read new texts, in which no word is hidden; raises ValueError, and the old ones stay."""
        if tuple(texts) == self._texts:
            return
        encoding = bert.encode(self._model, *texts)
        self._texts, self._outputs = tuple(texts), {-1: _Reading(self._model, encoding)}
        self.hidden_word = -1

    def _hidden(self):
        """The `_Reading` with the hidden word; of those only the last is kept."""
        whole = self._outputs[-1]
        if self._model.tokenizer.mask_token_id is None and self.hidden_word != -1:
            raise ValueError(NO_MASK.rstrip("."))
        if self.hidden_word not in self._outputs:
            encoding = bert.hide(self._model, whole.encoding, self.hidden_word)
            self._outputs = {-1: whole, self.hidden_word: _Reading(self._model, encoding)}
        return self._outputs[self.hidden_word]

    def _scene(self):
        whole, now = self._outputs[-1], self._hidden()
        held = self._held(len(now.encoding.tokens))
        return {
            "texts": list(self._texts),
            "hidden_word": self.hidden_word,
            "tokens": list(now.encoding.tokens),
            "words": [-1 if word is None else word for word in now.encoding.words],
            "spelled": _spelled(whole.encoding),
            "layers": self._model.layers,
            "heads": self._model.heads,
            "held": list(held),
            "attention": now.bytes_of(*held),
            "before": whole.bytes_of(*held) if now is not whole else None,
            "prediction": self._prediction(whole.encoding, now) if now is not whole else [],
            "can_hide": self._model.tokenizer.mask_token_id is not None,
            "note": self._note(now),
        }

    def _held(self, tokens):
        """The layers that the scene holds, as a range: all of a short text, of a long one only the one shown."""
        size = self._model.layers * self._model.heads * tokens**2 * 2
        return (1, self._model.layers + 1) if size <= SENT_AT_ONCE else (self.layer, self.layer + 1)

    def _note(self, reading):
        if self._model.tokenizer.mask_token_id is None:
            return NO_MASK
        return "" if reading.guesses_words else NO_WORDS

    def _prediction(self, encoding, reading):
        """For each token of the hidden word what the model expects there, and what it thinks of the token itself."""
        if not reading.guesses_words:
            return []
        places = []
        for place in encoding.places(self.hidden_word):
            best = bert.guesses(self._model, reading, place, GUESSES)
            own = bert.rated(self._model, reading, place, encoding.ids[place])
            places.append({"best": [vars(guess) for guess in best], "own": vars(own)})
        return places

    def _ipython_display_(self):
        """Show the picture, then the widget, which takes its place in the page as soon as it is drawn.

        Two outputs and not one with two forms: JupyterLab and nbconvert choose the widget's form also where the
        widget is gone, and show no picture then.
        """
        words = f"{self!r}: layer {self.layer}, heads {', '.join(map(str, self.shown_heads))}"
        display({"image/png": as_png(self._picture(-1)), "text/plain": words}, raw=True)
        data, metadata = self._repr_mimebundle_()
        display(data, raw=True, metadata=metadata)

    def _repr_mimebundle_(self, **options):
        """The widget for those who show widgets, with one line for those who do not."""
        data, metadata = super()._repr_mimebundle_(**options)
        return data | {"text/plain": f"{self!r}: run the cell in JupyterLab to touch it"}, metadata

    def __repr__(self):
        tokens = self._outputs[-1].encoding.tokens
        text = " ".join(tokens[:12]) + (" …" if len(tokens) > 12 else "")
        return f"AttentionExplorer({self._model.layers} layers, {self._model.heads} heads: {text})"


class _Reading:
    """What the explorer keeps of a text that was read: for a long one half of what `Output` would take.

    attentions: (layers, heads, tokens, tokens) float16
    logits:     as in `Output`
    """

    def __init__(self, model, encoding):
        output = bert.read(model, encoding)
        self.encoding, self.logits = encoding, output.logits
        self.attentions = output.attentions.to(torch.float16).cpu()

    @property
    def guesses_words(self):
        return self.logits is not None and self.logits.shape[-1] != 2

    def bytes_of(self, first, last):
        """The attention of layers `first` to `last` - 1, little-endian."""
        return self.attentions[first - 1 : last - 1].numpy().astype("<f2").tobytes()


def _spelled(encoding):
    """Each word as it was written, by its number, for the titles of the browser."""
    numbers = sorted({number for number in encoding.words if number is not None})
    places = [encoding.places(number) for number in numbers]
    return [encoding.spelled(its[0], its[-1]) for its in places]


def _sentence(message):
    return message[:1].upper() + message[1:] + "."
