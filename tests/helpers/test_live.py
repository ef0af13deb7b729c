import io

import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell
from PIL import Image

from helpers import live
from helpers.live import LiveImages

IMAGES = torch.rand(3, 3, 32, 32, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("total", [1, 7, 8, 9, 120])
def test_few_frames_are_kept_and_the_last_is_among_them_when_it_divides(total):
    with LiveImages(total, frames=8) as view:
        for step in range(total):
            view.update(IMAGES * step / total)
    assert 1 <= len(view.shown) <= 8
    assert view.shown[0].shape == IMAGES.shape


def test_frames_are_copies():
    images = IMAGES.clone()
    with LiveImages(1) as view:
        view.update(images)
    images.zero_()
    assert torch.equal(view.shown[0], IMAGES)


def test_the_bar_is_closed_when_the_body_raises():
    view = LiveImages(3)
    with pytest.raises(KeyError), view:
        raise KeyError("stop")
    assert view._bar.disable


def test_in_a_notebook_one_output_is_updated(monkeypatch):
    shown, updated = [], []
    handle = type("Handle", (), {"update": lambda self, picture: updated.append(picture)})()
    monkeypatch.setattr(live, "get_ipython", lambda: InteractiveShell)
    monkeypatch.setattr(live, "display", lambda picture, display_id: shown.append(picture) or handle)
    with LiveImages(4, frames=4) as view:
        for _ in range(4):
            view.update(IMAGES)
    assert (len(shown), len(updated)) == (1, 3)
    assert Image.open(io.BytesIO(shown[0].data)).size == (3 * 224, 224)
