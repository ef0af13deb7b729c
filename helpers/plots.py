"""Figures of the notebooks: photographs and predictions, saliency, fooling images, class visualisations.

Every function shows a figure. Where a student's result is still None (or a list with a None in it) it prints one line
instead, so that a notebook runs from top to bottom at any stage of the work.
"""

from io import BytesIO

import numpy as np
import torch
from IPython import get_ipython
from IPython.display import Image as PictureOutput
from IPython.display import display
from matplotlib import pyplot as plt
from skimage.filters import gaussian

from helpers.imagenet import deprocess, predict

COLOUR_MAP = "inferno"  # perceptually uniform: equal steps in value look like equal steps in brightness
SIZE = 2.3  # inches of one picture
DPI = 100


def show_predictions(model, images, names, k=3):
    """Each photograph above its k most probable classes, as bars.

    images: (N, 3, H, W) float32 in [0, 1]; names: N titles
    """
    check_count("names", names, len(images))
    figure, axes = _grid(2, len(images), heights=(1, 0.45))
    for column, (photo, lines) in enumerate(zip(deprocess(images), predict(model, images, k), strict=True)):
        _picture(axes[0, column], photo, names[column])
        _bars(axes[1, column], lines)
    show(figure)


def _bars(axis, lines):
    axis.barh(range(len(lines)), [line.probability for line in lines], color="#4c72b0", height=0.8)
    for row, line in enumerate(lines):
        text = f"{line.category} {line.probability:.2f}"
        axis.text(0.02, row, text, va="center", fontsize=9, bbox=_LABEL)
    axis.set(xlim=(0, 1), yticks=[], xticks=[0, 0.5, 1])
    axis.invert_yaxis()
    axis.spines[["top", "right", "left"]].set_visible(False)


_LABEL = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1}


def show_saliency(images, maps, titles, clip=99.5):
    """Photographs, their saliency maps, and each map laid over its photograph.

    images: (N, 3, H, W) float32 in [0, 1]; maps: (N, H, W) float32 >= 0 or None; titles: N
    clip:   percentile of a map that gets the brightest colour, because a few pixels outshine all others. Each map has a
            scale of its own, written under it. The overlay is blurred, so that the eye finds regions.
    """
    if is_missing(maps, "saliency_maps", "saliency"):
        return
    maps = check_maps(maps, images)
    check_count("titles", titles, len(images))
    figure, axes = _grid(4, len(images), heights=(1, 1, 0.05, 1))
    for column, (photo, values) in enumerate(zip(deprocess(images), maps, strict=True)):
        top = float(np.percentile(values, clip)) or 1.0
        _picture(axes[0, column], photo, titles[column])
        drawn = _picture(axes[1, column], values, cmap=COLOUR_MAP, vmin=0, vmax=top)
        bar = figure.colorbar(drawn, cax=axes[2, column], orientation="horizontal")
        bar.set_ticks([0, top / 2, top], labels=["0", "", f"{top:.2g}"])
        _picture(axes[3, column], overlay(photo, values))
    _row_names(axes, ("photograph", "saliency", "", "overlay"))
    show(figure)


def overlay(photo, values, sigma=3):
    """A dimmed grey photograph with the colours of a map on it.

    photo: (H, W, 3) uint8; values: (H, W) >= 0, blurred by `sigma` pixels here so that the eye finds regions
    returns: (H, W, 3) float in [0, 1]
    """
    smooth = gaussian(values, sigma)
    strength = (smooth / (smooth.max() or 1))[..., None]  # (H, W, 1)
    colours = plt.get_cmap(COLOUR_MAP)(strength[..., 0])[..., :3]
    grey = photo.mean(axis=2, keepdims=True) / 255
    return 0.8 * grey * (1 - strength) + colours * strength


def show_fooling(model, image, fooled, targets, steps):
    """Rows of original, fooled image, difference and difference x 10, with predictions, norms and steps.

    image:   (1, 3, H, W) float32 in [0, 1], the original
    fooled:  list of M images (1, 3, H, W), or (M, 3, H, W), or None
    targets: M class indices; steps: M numbers of steps
    """
    if is_missing(fooled, "fooling_images", "make_fooling_image"):
        return
    fooled = as_batch(fooled, image)
    check_count("targets", targets, len(fooled))
    check_count("steps", steps, len(fooled))
    figure, axes = _grid(len(fooled), 4, title=0.55)
    for row, (picture, target, count) in enumerate(zip(fooled.split(1), targets, steps, strict=True)):
        _fooling_row(axes[row], model, image, picture, int(target), int(count))
    show(figure)


def _fooling_row(axes, model, image, fooled, target, steps):
    difference = fooled - image
    norm, whole = float(difference.norm()), float(image.norm())
    _picture(axes[0], deprocess(image)[0], "original\n" + _first_prediction(model, image))
    _picture(axes[1], deprocess(fooled)[0], "fooled\n" + _first_prediction(model, fooled))
    _picture(axes[2], deprocess(difference + 0.5)[0], f"difference\nnorm {norm:.2f}, {norm / whole:.2%} of the photo's")
    _picture(axes[3], deprocess(10 * difference + 0.5)[0], f"difference x 10\nafter {steps} steps")
    axes[0].set_ylabel(f"target: {model.categories[target]}")


def _first_prediction(model, image):
    ((best,),) = predict(model, image, 1)
    return f"{best.category} {best.probability:.2f}"


def show_classes(model, images, targets, function="class_visualisation"):
    """Class visualisations side by side, with the probability and the score of the class each was made for.

    images: (K, 3, H, W) float32 in [0, 1], or a list of (3, H, W), or None; targets: K class indices
    function: the function that makes them, named where there are none yet
    """
    if is_missing(images, "the list of images", function):
        return
    images = as_batch(images, None)
    check_count("targets", targets, len(images))
    with torch.no_grad():
        logits = model(images)
    figure, axes = _grid(1, len(images), size=3, title=0.6)
    for axis, picture, target, scores in zip(axes[0], deprocess(images), targets, logits, strict=True):
        probability, score = float(scores.softmax(0)[target]), float(scores[target])
        _picture(axis, picture, f"{model.categories[int(target)]}\np = {probability:.3f}, score = {score:.1f}")
    show(figure)


def show_progress(frames, names):
    """The course of an ascent: one row per class, one column per intermediate image.

    frames: list of (K, 3, H, W) images, as `LiveImages.shown` has them; names: K titles of the rows
    """
    if not frames:
        print("Nothing to show yet: no intermediate images were made. Call live.update(images) in every step.")
        return
    check_count("names", names, len(frames[0]))
    figure, axes = _grid(len(names), len(frames), size=1.5, title=0.1)
    for column, frame in enumerate(frames):
        for row, picture in enumerate(deprocess(frame)):
            _picture(axes[row, column], picture, f"{frame.shape[-1]} x {frame.shape[-1]}" if row == 0 else "")
    _row_names(axes, names)
    show(figure)


def as_batch(images, like):
    """A list of (3, H, W) or (1, 3, H, W) images, or a batch, as (N, 3, H, W); ValueError for other shapes."""
    if not isinstance(images, torch.Tensor):
        images = torch.stack([image.reshape(image.shape[-3:]) for image in images])
    if images.ndim != 4 or images.shape[1] != 3:
        raise ValueError(f"images must be (N, 3, H, W), got {tuple(images.shape)}; torch.cat joins a list of them")
    if like is not None and images.shape[1:] != like.shape[1:]:
        raise ValueError(f"images must be (N, {str(tuple(like.shape[1:]))[1:]}, got {tuple(images.shape)}")
    return images.detach()


def check_maps(maps, images):
    """Saliency maps as an array (N, H, W) that fits the images; ValueError otherwise."""
    wanted = (len(images), *images.shape[2:])
    shape = tuple(getattr(maps, "shape", ()))
    if shape != wanted:
        hint = "; take the maximum over channels (dim=1)" if shape == tuple(images.shape) else ""
        raise ValueError(f"saliency maps must be {wanted}, one value a pixel, got {shape}{hint}")
    return maps.detach().float().cpu().numpy()


def check_count(name, values, count):
    """Raise ValueError unless there are `count` values."""
    if len(values) != count:
        raise ValueError(f"{name} must have {count} entries, one for each image, got {len(values)}")


def is_missing(result, name, function):
    """Whether a student's result is None or has a None in it; if so, print one line that says how to go on."""
    missing = result is None or (isinstance(result, list | tuple) and any(part is None for part in result))
    if missing:
        what = "is None" if result is None else "has a None in it"
        print(
            f"Nothing to show yet: {name} {what}. "
            f"Write {function}() in the cell above, run it, then run this cell again."
        )
    return missing


def show(figure):
    """Show a figure: in a notebook as a JPEG, which for photographs and noise is a quarter the size of a PNG."""
    if get_ipython() is None:
        plt.show()
        return
    buffer = BytesIO()
    figure.savefig(buffer, format="jpeg", pil_kwargs={"quality": 88})
    plt.close(figure)
    display(PictureOutput(data=buffer.getvalue(), format="jpeg"))


def _grid(rows, columns, size=SIZE, heights=None, title=0.3):
    heights = heights or (1,) * rows
    figsize = (size * columns, size * sum(heights) + title * rows)
    return plt.subplots(
        rows, columns, figsize=figsize, squeeze=False, layout="constrained", height_ratios=heights, dpi=DPI
    )


def _colours(maps, top):
    """How to draw maps whose strongest value shall be `top`: signed ones from blue over white to red."""
    top = float(top) or 1.0
    signed = maps.min() < 0
    return {"cmap": "RdBu_r" if signed else COLOUR_MAP, "vmin": -top if signed else 0, "vmax": top}


def _picture(axis, pixels, title="", **options):
    axis.set_xticks([])
    axis.set_yticks([])
    axis.set_title(title, fontsize=10)
    return axis.imshow(pixels, **options)


def _row_names(axes, names):
    for axis, name in zip(axes[:, 0], names, strict=True):
        axis.set_ylabel(name, fontsize=11)
