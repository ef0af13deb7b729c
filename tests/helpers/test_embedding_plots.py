"""Tokens as points, the slider through the layers, and the figures and tables of numbers."""

import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.text import Text

from helpers import bert, embedding_numbers, embedding_plots, layer_explorer, passages
from helpers.embedding_layers import project, stage_numbers

pytestmark = pytest.mark.usefixtures("shown")

TEXTS = passages.load_passages()


@pytest.fixture(scope="module")
def model():
    return bert.load_model(task="questions", device="cpu")


@pytest.fixture(scope="module")
def readings(model):
    return {name: passages.read_passage(model, text) for name, text in TEXTS.items()}


@pytest.fixture(scope="module")
def reading(readings):
    return readings["date"]


@pytest.fixture(scope="module")
def coordinates(reading):
    return project(reading.output.hidden_states)


@pytest.fixture
def pictures(model):
    return layer_explorer.Pictures(model, TEXTS, project)


def written(axis):
    """The labels beside points: text -> annotation."""
    return {each.get_text(): each for each in axis.texts}


def test_the_sheet_has_a_panel_for_each_layer_with_all_tokens(reading, coordinates, shown):
    embedding_plots.show_layers(reading, list(coordinates))
    panels = shown[0].axes[: len(coordinates)]
    assert [axis.get_title().partition(":")[0] for axis in panels[1:]] == [f"layer {layer}" for layer in range(1, 7)]
    for axis in panels:
        assert sum(len(drawn.get_offsets()) for drawn in axis.collections) == len(reading.roles)
        assert {"9", "November", "1838"} <= set(written(axis))
    assert shown[0].get_suptitle().endswith(f"“{reading.answer.text}”, p = {reading.answer.probability:.2f}")


def test_each_role_has_a_colour_and_a_marker_of_its_own():
    names, colours, markers, _ = zip(*embedding_plots.STYLES.values(), strict=True)
    assert len(set(names)) == len(set(colours)) == len(set(markers)) == len(passages.ROLES)


def test_points_keep_their_distances_and_stay_inside(reading, coordinates, shown):
    figure = embedding_plots.draw_layer(reading, coordinates[3], 3)
    axis = figure.axes[0]
    drawn = axis.transData.transform(coordinates[3].numpy())
    inside = axis.get_window_extent()
    assert all(inside.contains(*point) for point in drawn)
    ratios = torch.pdist(torch.as_tensor(drawn)) / torch.pdist(coordinates[3].double())
    assert float(ratios.max()) == pytest.approx(float(ratios.min()), rel=1e-4)


@pytest.mark.parametrize("layer", [0, 6])
def test_labels_do_not_cover_each_other_once_drawn(reading, coordinates, layer):
    figure = embedding_plots.draw_layer(reading, coordinates[layer], layer)
    figure.canvas.draw()
    boxes = [Text.get_window_extent(each) for each in figure.axes[0].texts]  # without their lines
    assert len(boxes) > 20
    texts = [type(box).from_extents(box.x0 + 1, box.y0 + 1, box.x1 - 1, box.y1 - 1) for box in boxes]
    assert all(box.count_overlaps(texts[:number]) == 0 for number, box in enumerate(texts))


@pytest.mark.parametrize("shape", [(7, 64, 3), (6, 64, 2), (7, 63, 2), (7, 2)])
def test_coordinates_of_another_shape_are_refused(reading, shape):
    with pytest.raises(ValueError, match=r"must be \(7, 64, 2\), two numbers a token, got"):
        embedding_plots.show_layers(reading, torch.zeros(shape))


def test_what_is_not_written_yet_is_said_in_one_line(model, reading, readings, capsys, shown):
    embedding_plots.show_layers(reading, [None] * 7)
    layer_explorer.explore_layers(model, TEXTS, lambda states: None)
    embedding_numbers.print_shares_of_logits(readings, dict.fromkeys(readings))
    embedding_numbers.show_ends(readings, dict.fromkeys(readings))
    lines = capsys.readouterr().out.splitlines()
    assert [line.startswith("Nothing to show yet: ") for line in lines] == [True] * 4
    assert ["project()" in line for line in lines] == [True, True, True, False]
    assert "best_span()" in lines[3]
    assert not shown


def test_without_a_notebook_one_picture_stands_for_the_slider(model, shown):
    layer_explorer.explore_layers(model, TEXTS, project, "prose", 5)
    assert shown[0].axes[0].get_title(loc="left") == "layer 5"


def test_in_a_notebook_there_is_a_widget_and_a_picture_for_viewers_without(model, monkeypatch):
    bundles = []
    monkeypatch.setattr(layer_explorer, "get_ipython", lambda: InteractiveShell)
    monkeypatch.setattr(layer_explorer, "display", lambda bundle, raw: bundles.append(bundle))
    layer_explorer.explore_layers(model, TEXTS, project)
    assert set(bundles[0]) == {"image/png", "text/plain", "application/vnd.jupyter.widget-view+json"}
    assert bundles[0]["image/png"].startswith("iVBOR")  # how every PNG begins in base64


def test_the_slider_the_menu_and_a_question_change_the_picture(model, pictures):
    explorer = layer_explorer.LayerExplorer(model, TEXTS, pictures, "date", 4)
    seen = [explorer.picture.value]
    explorer.layer.value = 2
    seen.append(explorer.picture.value)
    explorer.question.value = "Who built the granite tower?"
    seen.append(explorer.picture.value)
    explorer.name.value = "prose"
    assert explorer.question.value == ""
    assert explorer.picture.value == pictures.png("prose", 2, "")
    assert len({*seen, explorer.picture.value}) == 4


def test_a_question_that_is_too_long_is_told_and_the_picture_stays(model, pictures):
    explorer = layer_explorer.LayerExplorer(model, TEXTS, pictures, "date", 4)
    before = explorer.picture.value
    explorer.question.value = "Why " * 600
    assert "shorten it" in explorer.message.value
    assert explorer.picture.value == before
    explorer.question.value = ""
    assert explorer.message.value == ""


def test_variations_are_printed_with_what_is_right(model, capsys):
    varied = embedding_numbers.vary(model, TEXTS["date"])
    embedding_numbers.print_variations(varied)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len(TEXTS["date"].variations)
    for line, (each, said) in zip(lines[1:], varied, strict=True):
        assert line.endswith("yes" if passages.is_right(said.text, each.answer) else "NO")


def test_a_wrong_answer_is_marked(readings, capsys):
    embedding_numbers.print_readings(readings, dict.fromkeys(readings, "something else"))
    assert [line.split()[-1] for line in capsys.readouterr().out.splitlines()[1:]] == ["NO"] * 3


def test_the_ends_are_probabilities_and_the_span_is_shaded(readings, shown):
    embedding_numbers.show_ends(
        readings, {name: (each.answer.first, each.answer.last) for name, each in readings.items()}
    )
    axis, reading = shown[0].axes[0], readings["date"]
    shaded, *bars = axis.patches
    assert sum(bar.get_height() for bar in bars) == pytest.approx(2, abs=1e-5)
    assert shaded.get_width() == reading.answer.last - reading.answer.first + 1
    assert [label.get_text() for label in axis.get_xticklabels()][:3] == ["the", "first", "lighthouse"]


def test_the_shares_of_the_logits_are_printed_by_layer(readings, capsys):
    embedding_numbers.print_shares_of_logits(
        readings, {n: project(r.output.hidden_states) for n, r in readings.items()}
    )
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(readings)
    assert all(float(line.split()[-1]) > 0.9 > float(line.split()[1]) for line in lines[1:])


def test_numbers_have_a_panel_each_and_a_line_for_each_passage_and_model(readings, shown):
    numbers = {name: stage_numbers(each, each) for name, each in readings.items()}
    embedding_numbers.show_numbers(numbers, numbers)
    assert [len(axis.lines) for axis in shown[0].axes] == [6] * 4
    drawn = shown[0].axes[3].lines[0].get_ydata()
    torch.testing.assert_close(torch.as_tensor(drawn), numbers["date"]["answer"])
