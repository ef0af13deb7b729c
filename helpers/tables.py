"""Small tables of numbers beside the figures, as text that reads in a notebook and in a terminal."""

import torch

from helpers.fooling import variations
from helpers.imagenet import check_images, load_model, predict
from helpers.plots import as_batch, is_missing
from helpers.saliency import quarter_shares, saliency


def print_table(columns, rows):
    """Print rows, the first cell of each being its name, under the titles of the other columns."""
    cells = [["", *columns], *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(columns) + 1)]
    for name, *values in cells:
        aligned = [value.rjust(width) for value, width in zip(values, widths[1:], strict=True)]
        print("   ".join([name.ljust(widths[0]), *aligned]).rstrip())


def print_by_image(rows):
    """Numbers for each image in a row of its own name: dictionary of name -> (N,) tensor; the mean stands last."""
    count = len(next(iter(rows.values())))
    cells = [[name, *(f"{value:.2f}" for value in values), f"{values.mean():.2f}"] for name, values in rows.items()]
    print_table([*map(str, range(count)), "mean"], cells)


def print_normalisations(images, names, normalisations):
    """The probability of the first prediction of the built-in network under several normalisations.

    images: (N, 3, H, W) float32 in [0, 1]; names: N; normalisations: name -> (mean, std), three numbers each
    """
    best = {}
    for name, (mean, std) in normalisations.items():
        model = load_model(mean=mean, std=std, device=images.device)
        best[name] = [lines[0] for lines in predict(model, images, 1)]
    rows = [[name, *(_line(best[column][row]) for column in best)] for row, name in enumerate(names)]
    print_table(list(normalisations), rows)


def _line(prediction):
    return f"{prediction.category} {prediction.probability:.2f}"


def print_quarters(maps, names):
    """Which share of the brightest 1 % of each map lies in which quarter of the picture; maps (N, H, W) or None."""
    if is_missing(maps, "saliency_maps", "saliency"):
        return
    rows = [[name, *(f"{share:.0%}" for share in row)] for name, row in zip(names, quarter_shares(maps), strict=True)]
    print_table(["upper left", "upper right", "lower left", "lower right"], rows)


def print_logit_and_loss(model, images, targets, names):
    """Probability, loss, and the sums of the saliency maps of the logit and of the loss, for each image."""
    with torch.no_grad():
        probabilities = model(images).softmax(1).gather(1, targets[:, None])[:, 0]  # (N,)
    sums = [saliency(model, images, targets, of=score).sum(dim=(1, 2)) for score in ("logit", "loss")]
    columns = zip(names, probabilities, *sums, strict=True)
    rows = [[name, f"{p:.4f}", f"{a:.0f}", f"{b:.1f}", f"{b / a:.4f}"] for name, p, a, b in columns]
    print_table(["probability", "sum, logit", "sum, loss", "loss / logit"], rows)


def print_norms(image, fooled, names, steps, lr):
    """Steps and size of each perturbation: Euclidean norm, the same relative to the photograph, largest change.

    image: (1, 3, H, W); fooled: (M, 3, H, W), a list of (3, H, W), or None; names, steps: M; lr: length of a step
    """
    if is_missing(fooled, "fooling_images", "make_fooling_image"):
        return
    differences = (as_batch(fooled, image) - image).flatten(1)  # (M, 3 H W)
    norms, largest = differences.norm(dim=1), differences.abs().amax(dim=1)
    columns = zip(names, steps, norms, largest, strict=True)
    rows = [[n, s, f"{s * lr:.1f}", f"{d:.2f}", f"{d / image.norm():.2%}", f"{m:.3f}"] for n, s, d, m in columns]
    print_table(["steps", "steps x lr", "norm", "of the photo", "largest change"], rows)


def print_variations(model, image, fooled, names, generator):
    """What the model says to each of the `variations` of the fooling images, which are returned.

    image, fooled, names: as for `print_norms`; generator: as for `variations`
    returns: dictionary of name -> (M, 3, H, W), or None while there are no fooling images
    """
    check_images(image)
    if is_missing(fooled, "fooling_images", "make_fooling_image"):
        return None
    changed = variations(image, as_batch(fooled, image), generator)
    lines = {name: [_line(best) for (best,) in predict(model, images, 1)] for name, images in changed.items()}
    print_table(names, [[name, *row] for name, row in lines.items()])
    return changed
