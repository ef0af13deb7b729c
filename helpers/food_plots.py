"""Figures of the notebooks on food: the pictures, maps under them, scores of methods, confusion of classes.

Every function shows a figure, or prints one line where a student's result is still None (as in `helpers.plots`).
"""

import numpy as np
import torch
from matplotlib import pyplot as plt

from helpers import plots
from helpers.gradients import batched_logits, target_values
from helpers.imagenet import check_images, deprocess, predict
from helpers.tables import print_table

OUTLINE = "#4de3ff"  # light blue: on no food, and nowhere in the colours of the maps
RIGHT, WRONG = "#1a7f37", "#c1121f"
BAR = "#4c72b0"
HEADINGS = {  # of the scores: title, is more better?
    "inside": ("top 5 % inside the mask", True),
    "energy": ("energy inside the mask", True),
    "deletion": ("area of deletion", False),
    "insertion": ("area of insertion", True),
}


def show_pictures(model, pictures, k=3, columns=5):
    """Each picture, marked by its number, above its k most probable classes as bars.

    pictures: `helpers.food.Pictures`; titles are green where the model is right and red where it is not
    """
    rows = -(-len(pictures.labels) // columns)
    figure, axes = plots._grid(2 * rows, columns, heights=(1, 0.45) * rows, title=0.2)
    for axis in axes.flat[2 * len(pictures.labels) :]:
        axis.set_visible(False)
    lines = zip(deprocess(pictures.images), pictures.labels.tolist(), predict(model, pictures.images, k), strict=True)
    for number, (photo, label, guesses) in enumerate(lines):
        row, column = 2 * (number // columns), number % columns
        plots._picture(axes[row, column], photo)
        colour = RIGHT if guesses[0].index == label else WRONG
        axes[row, column].set_title(f"{number}   {model.categories[label]}", fontsize=11, color=colour)
        plots._bars(axes[row + 1, column], guesses)
    plots.show(figure)


def show_maps(model, images, targets, rows, masks=None, clip=99.5, shared=False):
    """Pictures marked 0 to N - 1 with class and probability, and below them the maps, one method a row.

    images:  (N, 3, H, W) float32 in [0, 1]; targets: (N,) the classes that were explained
    rows:    dictionary of name -> maps (N, H, W), or None where they are still unwritten. Signed maps are drawn in red
             (for the class) and blue (against it)
    masks:   (N, H, W) bool whose outlines are drawn, or None
    clip:    percentile of a map's absolute values that gets the strongest colour
    shared:  one scale for all maps of a row instead of one for each map
    """
    check_images(images)
    plots.check_count("targets", targets, len(images))
    if any([plots.is_missing(maps, f"the row {name!r}", "the function") for name, maps in rows.items()]):  # all told
        return
    values = [plots.check_maps(maps, images) for maps in rows.values()]  # each (N, H, W)
    figure, axes = _tight_grid(1 + len(values), len(images))
    _show_explained(axes[0], model, images, targets)
    for row, maps in enumerate(values, start=1):
        tops = np.percentile(np.abs(maps), clip, axis=(1, 2))  # (N,)
        for axis, values_of_one, top in zip(axes[row], maps, tops, strict=True):
            plots._picture(axis, values_of_one, **plots._colours(maps, tops.max() if shared else top))
    for axes_of_row in axes if masks is not None else ():
        _outline(axes_of_row, masks)
    plots._row_names(axes, ["", *(name.replace(" ", "\n") for name in rows)])
    plots.show(figure)


def _show_explained(axes, model, images, targets):
    probabilities = target_values(model, images, targets)  # (N,)
    columns = zip(axes, deprocess(images), targets.tolist(), probabilities.tolist(), strict=True)
    for number, (axis, photo, target, probability) in enumerate(columns):
        plots._picture(axis, photo)
        axis.set_title(f"{number} {_broken(model.categories[target])}\n({probability:.2f})", fontsize=9)


def _outline(axes, masks):
    for axis, mask in zip(axes, masks.cpu().numpy(), strict=True):
        if mask.any() and not mask.all():
            axis.contour(mask, levels=[0.5], colors=OUTLINE, linewidths=0.8)


def show_versions(model, versions, targets):
    """Versions of the same pictures, a row each, every one with the probability that the model gives its target.

    versions: dictionary of name -> images (N, 3, H, W) float32 in [0, 1]; the first row is marked 0 to N - 1
    targets:  (N,) class indices; a probability is on green where the target is the first guess, else on red
    """
    count = len(next(iter(versions.values())))
    plots.check_count("targets", targets, count)
    figure, axes = _tight_grid(len(versions), count)
    for row, images in zip(axes, versions.values(), strict=True):
        _show_version(row, model, images, targets)
    for number, (axis, target) in enumerate(zip(axes[0], targets.tolist(), strict=True)):
        axis.set_title(f"{number} {_broken(model.categories[target])}", fontsize=9)
    plots._row_names(axes, [name.replace(" ", "\n") for name in versions])
    plots.show(figure)


def _show_version(axes, model, images, targets):
    probabilities = batched_logits(model, images).softmax(dim=1).cpu()  # (N, classes)
    for axis, photo, of_classes, target in zip(axes, deprocess(images), probabilities, targets.tolist(), strict=True):
        plots._picture(axis, photo)
        right = of_classes.argmax() == target
        axis.text(
            0.04, 0.04, f"{of_classes[target]:.2f}", transform=axis.transAxes, fontsize=9, color="white",
            bbox={"facecolor": RIGHT if right else WRONG, "edgecolor": "none", "pad": 1.5},
        )  # fmt: skip


def _broken(name):
    """A class name on two lines, if it has two words."""
    return name.replace("/", "/\n").replace(" ", "\n")


def show_scores(scores, area=None):
    """The scores of several methods: a dot for each picture, the mean as a bar; and a table of the means.

    scores: dictionary of name -> `helpers.scoring.Scores`
    area:   (N,) the masks' areas, drawn as what chance would reach, or None
    """
    if not scores:
        print("Nothing to show yet: there are no maps to score. Write the function above, then run this cell again.")
        return
    kinds = [kind for kind in HEADINGS if all(getattr(each, kind) is not None for each in scores.values())]
    figure, axes = plt.subplots(
        1, len(kinds), figsize=(3 * len(kinds), 0.8 + 0.42 * len(scores)), squeeze=False, sharey=True,
        layout="constrained", dpi=plots.DPI
    )  # fmt: skip
    for axis, kind in zip(axes[0], kinds, strict=True):
        _score_panel(axis, [getattr(each, kind).cpu() for each in scores.values()], *HEADINGS[kind])
        if area is not None and kind in ("inside", "energy"):
            axis.axvline(float(area.mean()), color="black", linestyle=":", linewidth=1)
    axes[0, 0].set_yticks(range(len(scores)), list(scores))
    axes[0, 0].invert_yaxis()
    plots.show(figure)
    rows = [[name, *(f"{getattr(each, kind).mean():.2f}" for kind in kinds)] for name, each in scores.items()]
    chance = [] if area is None else [["by chance", *[f"{area.mean():.2f}"] * 2, *["-"] * (len(kinds) - 2)]]
    print_table([HEADINGS[kind][0] for kind in kinds], rows + chance)


def _score_panel(axis, values, title, more_is_better):
    axis.barh(range(len(values)), [float(each.mean()) for each in values], color=BAR, alpha=0.45, height=0.7)
    for row, each in enumerate(values):
        axis.plot(each, np.full(len(each), row), ".", color=BAR, markersize=5)
    axis.set_title(f"{title}\n({'more' if more_is_better else 'less'} is better)", fontsize=9)
    axis.set_xlim(0, 1)
    axis.spines[["top", "right"]].set_visible(False)


def show_curves(curves):
    """Curves of deletion and insertion side by side: the mean over the pictures for each method, with its area.

    curves: dictionary of what happens along the x axis ("pixels deleted") -> dictionary of name -> `scoring.Curves`
    """
    figure, axes = plt.subplots(
        1, len(curves), figsize=(4.5 * len(curves), 3), squeeze=False, layout="constrained", dpi=plots.DPI
    )
    for axis, (event, by_name) in zip(axes[0], curves.items(), strict=True):
        for name, curve in by_name.items():
            mean = curve.values.mean(dim=0).cpu()  # (steps + 1,)
            axis.plot(np.linspace(0, 100, len(mean)), mean, label=f"{name}: area {curve.areas.mean():.2f}")
        axis.set(xlabel=f"{event} (%)", ylabel="probability of the class", xlim=(0, 100), ylim=(0, 1))
        axis.legend(fontsize=8, frameon=False)
        axis.spines[["top", "right"]].set_visible(False)
    plots.show(figure)


def show_confusion(matrix, classes):
    """A confusion matrix with its counts: (C, C) int64, row: true class, column: predicted; classes: C names."""
    plots.check_count("classes", classes, len(matrix))
    counts = torch.as_tensor(matrix).cpu().numpy()
    figure, axis = plt.subplots(figsize=(6.5, 6), layout="constrained", dpi=plots.DPI)
    shares = counts / counts.sum(axis=1, keepdims=True).clip(min=1)
    axis.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in zip(*np.nonzero(counts), strict=True):
        colour = "white" if shares[row, column] > 0.5 else "black"
        axis.text(column, row, counts[row, column], ha="center", va="center", fontsize=9, color=colour)
    axis.set_xticks(range(len(classes)), classes, rotation=60, ha="right", fontsize=9)
    axis.set_yticks(range(len(classes)), classes, fontsize=9)
    axis.set(xlabel="predicted", ylabel="true class")
    plots.show(figure)


def _tight_grid(rows, columns, size=1.25):
    figure, axes = plots._grid(rows, columns, size=size, title=0)
    figure.set_figheight(size * rows + 0.5)  # two lines of titles, above the first row only
    figure.get_layout_engine().set(w_pad=0.02, h_pad=0.02, wspace=0, hspace=0)
    return figure, axes
