"""A progress bar with the picture so far, in one output that is overwritten."""

from io import BytesIO

import numpy as np
from IPython import get_ipython
from IPython.display import Image as PictureOutput
from IPython.display import display
from PIL import Image
from tqdm.auto import tqdm

from helpers.imagenet import deprocess


class LiveImages:
    """Shows images while they are being made; outside a notebook only the progress bar is printed.

    total:  how often `update` will be called
    frames: how many times the picture is redrawn over that, which bounds the size of the notebook's output
    shown:  the images (N, 3, H, W) behind each redrawing, on the CPU, for a figure afterwards

    Use it in a `with` block, so that the bar is closed whatever happens.
    """

    def __init__(self, total, frames=8, description="ascending"):
        self.shown = []
        self._every = max(1, -(-total // frames))
        self._bar = tqdm(total=total, desc=description)
        self._handle = None

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self._bar.close()

    def update(self, images):
        """Move the bar on by one step and, now and then, redraw (N, 3, H, W) float32 images in [0, 1]."""
        self._bar.update(1)
        if self._bar.n % self._every == 0:
            self.shown.append(images.detach().float().cpu().clone())
            self._redraw(images)

    def _redraw(self, images):
        if get_ipython() is None:
            return
        picture = PictureOutput(data=_jpeg(images), format="jpeg")
        if self._handle is None:
            self._handle = display(picture, display_id=True)
        else:
            self._handle.update(picture)


def _jpeg(images, side=224):
    row = Image.fromarray(np.concatenate(list(deprocess(images)), axis=1))  # side by side
    row = row.resize((side * len(images), side), Image.Resampling.BICUBIC)
    buffer = BytesIO()
    row.save(buffer, format="JPEG", quality=85)
    return buffer.getvalue()
