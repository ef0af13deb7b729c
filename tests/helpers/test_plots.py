import io

import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
from PIL import Image

from helpers import plots

pytestmark = pytest.mark.usefixtures("shown")

GENERATOR = torch.Generator().manual_seed(0)
PHOTO = torch.rand(1, 3, 224, 224, generator=GENERATOR)
MAPS = torch.rand(1, 224, 224, generator=GENERATOR)


def test_predictions_write_the_classes_into_the_bars(model, photos, shown):
    plots.show_predictions(model, photos, ["a", "b", "c"], k=2)
    texts = [text.get_text() for axis in shown[0].axes for text in axis.texts]
    assert len(texts) == 6
    assert texts[0].startswith("espresso 0.9")


def test_a_saliency_figure_draws_photograph_map_and_overlay(shown):
    plots.show_saliency(PHOTO, MAPS, ["x"])
    pictures = [axis.images[0].get_array() for axis in shown[0].axes if axis.images]
    assert [picture.shape for picture in pictures] == [(224, 224, 3), (224, 224), (224, 224, 3)]


def test_an_overlay_is_in_range_and_brightest_where_the_map_is():
    values = np.zeros((40, 40))
    values[10, 30] = 1
    picture = plots.overlay(np.zeros((40, 40, 3), np.uint8), values)
    assert 0 <= picture.min() <= picture.max() <= 1
    assert np.unravel_index(picture.sum(axis=2).argmax(), (40, 40)) == (10, 30)


def test_an_overlay_of_a_map_of_zeros_is_the_dimmed_photograph():
    picture = plots.overlay(np.full((8, 8, 3), 255, np.uint8), np.zeros((8, 8)))
    assert np.allclose(picture, 0.8)


def test_a_fooling_row_names_target_norm_and_steps(model, photos, shown):
    coffee = photos[:1]
    plots.show_fooling(model, coffee, [(coffee * 0.99)[0]], [6], [12])
    titles = [axis.get_title() for axis in shown[0].axes]
    assert "1.00% of the photo" in titles[2]
    assert "12 steps" in titles[3]
    assert shown[0].axes[0].get_ylabel() == "target: stingray"


def test_class_images_and_intermediate_images_are_drawn(model, photos, shown):
    plots.show_classes(model, photos, [967, 872, 657])
    plots.show_progress([photos, photos], ["a", "b", "c"])
    assert [len(figure.axes) for figure in shown] == [3, 6]


@pytest.mark.parametrize("missing", [None, [None], [PHOTO[0], None]], ids=["None", "list of None", "None among others"])
def test_what_is_not_written_yet_is_said_in_one_line(model, capsys, shown, missing):
    plots.show_saliency(PHOTO, missing, ["x"])
    plots.show_fooling(model, PHOTO, missing, [1], [1])
    plots.show_classes(model, missing, [1])
    plots.show_progress([], ["x"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert all(line.startswith("Nothing to show yet: ") for line in lines)
    assert not shown


@pytest.mark.parametrize(
    ("maps", "message"),
    [(PHOTO, r"take the maximum over channels"), (MAPS[0], r"must be \(1, 224, 224\).*got \(224, 224\)"), ([1], "got")],
)
def test_maps_of_another_shape_are_refused(maps, message):
    with pytest.raises(ValueError, match=message):
        plots.show_saliency(PHOTO, maps, ["x"])


def test_other_wrong_shapes_and_counts_are_refused(model):
    with pytest.raises(ValueError, match=r"names must have 1 entries, one for each image, got 2"):
        plots.show_predictions(model, PHOTO, ["a", "b"])
    with pytest.raises(ValueError, match=r"images must be \(N, 3, 224, 224\), got \(1, 3, 8, 8\)"):
        plots.show_fooling(model, PHOTO, torch.zeros(1, 3, 8, 8), [1], [1])
    with pytest.raises(ValueError, match=r"images must be \(N, 3, H, W\), got \(1, 1, 3, 8, 8\)"):
        plots.show_classes(model, torch.zeros(1, 1, 3, 8, 8), [1])


def test_in_a_notebook_a_figure_is_a_jpeg_and_is_closed(monkeypatch):
    monkeypatch.undo()
    outputs = []
    monkeypatch.setattr(plots, "get_ipython", lambda: True)
    monkeypatch.setattr(plots, "display", outputs.append)
    plots.show_saliency(PHOTO, MAPS, ["x"])
    assert Image.open(io.BytesIO(outputs[0].data)).format == "JPEG"
    assert not plt.get_fignums()
