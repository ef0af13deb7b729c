"""Figures of the notebook on integrated gradients.

As in `helpers.plots`, one line is printed instead where a student's result is still None.
"""

import numpy as np
import torch

from helpers import plots
from helpers.gradients import batched_gradients, batched_logits, target_values
from helpers.imagenet import deprocess
from helpers.integrated_gradients import make_baselines, path_images, quadrature


def show_path(model, image, target, baselines, positions):
    """Pictures on the way from each baseline to one image, with the probability of the class under each.

    image:     (1, 3, H, W) float32 in [0, 1]; target: (1,) int64
    baselines: dictionary of name -> (1, 3, H, W), one row each
    positions: where on the paths, 0 (baseline) to 1 (image), one column each
    """
    figure, axes = plots._grid(len(baselines), len(positions), size=1.6, title=0.25)
    for row, baseline in enumerate(baselines.values()):
        path = path_images(image, baseline, positions)[:, 0]  # (positions, 3, H, W)
        probabilities = batched_logits(model, path).softmax(dim=1)[:, int(target)].tolist()
        for axis, picture, position, probability in zip(
            axes[row], deprocess(path), positions, probabilities, strict=True
        ):
            plots._picture(axis, picture, f"alpha = {position:g}" if row == 0 else "")
            axis.set_xlabel(f"p = {probability:.2f}", fontsize=9)
    plots._row_names(axes, list(baselines))
    plots.show(figure)


def along_path(model, image, target, baseline, points=65):
    """Score and slope along the path: the slope is the derivative of the score by alpha, the integrand of the sum.

    image, baseline: (1, 3, H, W); target: (1,) int64
    returns:         positions, scores and slopes, each (points,) float32 on the CPU
    """
    positions = torch.linspace(0, 1, points)
    path = path_images(image, baseline, positions.tolist())[:, 0]  # (points, 3, H, W)
    targets = target.expand(points)
    gradients = batched_gradients(model, path, targets)
    slopes = (gradients * (image - baseline)).sum(dim=(1, 2, 3)).cpu()
    return positions, batched_logits(model, path)[:, int(target)].cpu(), slopes


def show_rules(positions, scores, slopes, steps, title):
    """The score along a path, and its slope with what both rules of integration see of it.

    positions, scores, slopes: as `along_path` returns them; steps: of the rules; title: of the figure
    """
    figure, axes = plots._grid(1, 3, size=3, title=0.1)
    axes[0, 0].plot(positions, scores, color="black")
    axes[0, 0].set_title(f"{title}: score", fontsize=10)
    for axis, rule in zip(axes[0, 1:], ("left", "gauss_legendre"), strict=True):
        axis.plot(positions, slopes, color="black", linewidth=1)
        total = _draw_rule(axis, rule, steps, positions, slopes)
        axis.set_title(f"slope; {rule.replace('_', '-')}, {steps} steps: {total:.2f}", fontsize=10)
        axis.axhline(0, color="grey", linewidth=0.5)
    for axis in axes[0]:
        axis.set_xlabel("alpha", fontsize=9)
    plots.show(figure)


def _draw_rule(axis, rule, steps, positions, slopes):
    """Draw what a rule adds up, as bars of its weights' widths; returns the sum."""
    nodes, weights = (np.array(values) for values in quadrature(rule, steps))
    heights = np.interp(nodes, positions, slopes)
    edges = np.concatenate([[0], np.cumsum(weights)])[:-1]
    axis.bar(edges, heights, width=weights, align="edge", color="#4c72b0", alpha=0.35, edgecolor="#4c72b0")
    axis.plot(nodes, heights, "o", color="#c1121f", markersize=4)
    return float((weights * heights).sum())


def show_baselines(images, targets, model, results, marks):
    """Baselines and what is attributed from each: for every picture a row of baselines above a row of maps.

    images:  (n, 3, H, W) float32 in [0, 1]; targets: (n,) int64; marks: n names of the pictures
    results: dictionary of kind of baseline -> attributions (n, 3, H, W), or with a None in it
    """
    if plots.is_missing(list(results.values()), "one of the attributions", "integrated_gradients"):
        return
    figure, axes = plots._grid(2 * len(images), 1 + len(results), size=1.6, title=0.2)
    for row, photo in enumerate(deprocess(images)):
        plots._picture(axes[2 * row, 0], photo, f"image {marks[row]}")
        axes[2 * row + 1, 0].set_axis_off()
    for column, (kind, attributions) in enumerate(results.items(), start=1):
        baselines = make_baselines(kind, images)
        probabilities = target_values(model, baselines, targets).tolist()
        for row, picture in enumerate(deprocess(baselines)):
            plots._picture(axes[2 * row, column], picture, kind if row == 0 else "")
            axes[2 * row, column].set_xlabel(f"p = {probabilities[row]:.2f}", fontsize=9)
            draw_attribution(axes[2 * row + 1, column], attributions[row])
    plots.show(figure)


def draw_attribution(axis, attribution, clip=99.5):
    """One attribution (3, H, W), its channels added: red speaks for the class, blue against it."""
    values = attribution.sum(dim=0).detach().cpu().numpy()
    top = float(np.percentile(np.abs(values), clip)) or 1.0
    plots._picture(axis, values, cmap="RdBu_r", vmin=-top, vmax=top)
