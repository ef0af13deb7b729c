from base64 import b64decode
from dataclasses import replace

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex

from helpers import distance_plots as plots
from helpers.embedding_distance import GROUPS, Sentences, load_sentences, pairs_of

pytestmark = pytest.mark.usefixtures("shown")

SENTENCES = Sentences("apple", ("one", "two", "three", "four"), ("fruit",) * 2 + ("company",) * 2)
WITHIN, BETWEEN = pairs_of(SENTENCES.groups)
EUCLIDEAN = np.where(WITHIN, 2.0, 5.0).astype(np.float32) * ~np.eye(4, dtype=bool)
COSINE = (1 - EUCLIDEAN / 10).astype(np.float32)
BY_LAYER = np.stack([EUCLIDEAN, 2 * EUCLIDEAN]), np.stack([COSINE, COSINE])
EMBEDDINGS = np.stack([np.ones((4, 4)), np.eye(4)[[0, 0, 1, 1]]])


def test_each_number_stands_in_its_cell_and_near_is_dark_in_both(shown):
    plots.show_matrices(EUCLIDEAN, COSINE, SENTENCES, layer=3)
    for axis, matrix in zip(shown[0].axes, (EUCLIDEAN, COSINE), strict=False):
        assert [text.get_text() for text in axis.texts] == [plots.number(value) for value in matrix.flat]
        drawn = axis.images[0]
        near, far = (sum(drawn.cmap(drawn.norm(matrix[pair]))[:3]) for pair in ((0, 1), (0, 3)))
        assert near < far
    assert "layer 3" in shown[0].get_suptitle()


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-1e-7, "0"), (0.914, ".91"), (-0.25, "-.25"), (1, "1.00"), (9.14, "9.1"), (12, "12.0")],
)
def test_numbers_are_short(value, text):
    assert plots.number(value) == text


def test_the_tree_joins_the_groups_last_and_colours_the_pure_branches(shown):
    plots.show_matrices(EUCLIDEAN, COSINE, SENTENCES, layer=3)
    tree = shown[0].axes[2]
    labels = [label.get_text().split()[0] for label in tree.get_yticklabels()]
    assert {tuple(labels[:2]), tuple(labels[2:])} == {("fruit",) * 2, ("company",) * 2}
    colours = [to_hex(line.get_color()).upper() for lines in tree.collections for line in [lines]]
    assert set(colours) == {*plots.COLOURS.values(), plots.NEITHER}


def test_distances_that_are_not_quite_a_metric_are_drawn_all_the_same(shown):
    crooked = COSINE + np.random.default_rng(0).normal(0, 0.2, COSINE.shape).astype(np.float32)
    plots.show_matrices(-EUCLIDEAN, crooked, SENTENCES, layer=0)
    plots.show_matrices(0 * EUCLIDEAN, 0 * COSINE, SENTENCES, layer=0)
    assert len(shown) == 2


def test_the_sheet_has_all_layers_in_the_same_colours(shown):
    plots.show_sheet(BY_LAYER[1], SENTENCES)
    panels = [axis for axis in shown[0].axes if axis.get_title()]
    assert [axis.get_title() for axis in panels] == ["layer 0", "layer 1"]
    assert panels[0].images[0].get_clim() == panels[1].images[0].get_clim() == (0, pytest.approx(0.5))


def test_the_curves_are_the_means_of_the_pairs_and_the_counts_those_told_apart(shown):
    plots.show_curves(*BY_LAYER, EMBEDDINGS, SENTENCES)
    euclidean, cosine, counts = shown[0].axes
    assert [line.get_ydata().tolist() for line in euclidean.lines] == [[2, 4], [5, 10]]
    np.testing.assert_allclose([line.get_ydata() for line in cosine.lines], [[0.2, 0.2], [0.5, 0.5]], rtol=1e-5)
    assert [list(line.get_ydata()) for line in counts.lines[:2]] == [[4, 4], [0, 4]]


def test_the_sides_of_the_leanings_are_named_and_the_texts_in_the_legend(shown):
    plots.show_leanings(np.array([[0, 0], [-0.3, 0.2]]), ["I ate it.", "I sold it."])
    (axis,) = shown[0].axes
    assert [text.get_text().strip() for text in axis.texts] == [f"nearer to the {group}" for group in GROUPS]
    assert axis.texts[0].get_position()[1] < 0 < axis.texts[1].get_position()[1]
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["I ate it.", "I sold it."]


def test_leanings_need_a_text_for_each_line():
    with pytest.raises(ValueError, match="texts must have 2 entries"):
        plots.show_leanings(np.zeros((3, 2)), ["one"])


def test_letters_that_no_font_here_has_are_not_drawn(monkeypatch, shown):
    monkeypatch.setattr(plots, "_CHINESE_FONTS", ())
    plots.show_matrices(EUCLIDEAN, COSINE, replace(SENTENCES, word=load_sentences("chinese").word), layer=1)
    plots.show_leanings(np.zeros((3, 2)), ["我吃蘋果", "I eat it"])
    assert shown[0].get_suptitle() == "the word at layer 1"
    assert [text.get_text() for text in shown[1].axes[0].get_legend().get_texts()] == ["text 1", "I eat it"]
    for figure in shown:
        figure.canvas.draw()  # a missing letter would be a warning, which is an error here


def test_with_a_chinese_font_the_letters_are_drawn(monkeypatch):
    monkeypatch.setattr(plots, "_CHINESE_FONTS", ("Last Resort High-Efficiency",))  # which matplotlib brings along
    assert plots.lettering("蘋果", "the word") == ("蘋果", ["DejaVu Sans", "Last Resort High-Efficiency"])


def test_the_slider_changes_the_picture_and_draws_a_layer_once():
    slider = plots.LayerSlider(*BY_LAYER, SENTENCES, layer=0)
    first = slider.picture.value
    slider.slider.value = 1
    second = slider.picture.value
    slider.slider.value = 0
    assert bytes(second).startswith(b"\x89PNG")
    assert slider.picture.value == first != second
    assert slider.drawn(1) is slider.drawn(1)
    assert not plt.get_fignums()


def test_without_widgets_a_picture_stands_in_the_sliders_place():
    slider = plots.LayerSlider(*BY_LAYER, SENTENCES, layer=0)
    bundle = slider._repr_mimebundle_()
    assert b64decode(bundle["image/png"]) == slider.picture.value
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_outside_a_notebook_one_layer_is_shown(shown):
    plots.explore_layers(*BY_LAYER, SENTENCES, layer=1)
    assert "layer 1" in shown[0].get_suptitle()


def test_what_is_not_written_yet_is_said_in_one_line(capsys, shown):
    plots.show_matrices(None, COSINE, SENTENCES, 0)
    plots.explore_layers(BY_LAYER[0], None, SENTENCES)
    plots.show_sheet(None, SENTENCES)
    plots.show_curves(None, None, EMBEDDINGS, SENTENCES)
    plots.show_leanings(None, [])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    assert all(line.startswith("Nothing to show yet: ") for line in lines)
    assert not shown


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_is_said_in_one_line(capsys, shown, value):
    plots.show_matrices(EUCLIDEAN, np.full_like(COSINE, value), SENTENCES, 0)
    assert "cosine_similarity returned NaN or infinity" in capsys.readouterr().out
    assert not shown
