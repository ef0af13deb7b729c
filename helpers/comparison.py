"""Comparing maps: with each other, with a reference, and with themselves moved by a few pixels."""

import torch


def correlation(maps, others):
    """Pearson's correlation between the pixels of two maps, for each image: twice (N, H, W) -> (N,), in [-1, 1].

    A constant map correlates with nothing: 0.
    """
    first, second = (_standardised(values.detach().cpu().double().flatten(1)) for values in (maps, others))
    return (first * second).sum(dim=1).float()


def _standardised(values):
    centred = values - values.mean(dim=1, keepdim=True)
    return centred / centred.norm(dim=1, keepdim=True).clamp_min(torch.finfo(values.dtype).tiny)


def neighbour_correlation(maps, distance=3):
    """How alike near pixels of a map are: the correlation of the map with itself moved by a few pixels.

    maps:     (N, H, W)
    distance: by how many pixels
    returns:  (N,) in [-1, 1], the mean over a move to the right and one down; near 0 for noise, near 1 for smooth maps
    """
    right = correlation(maps[:, :, distance:], maps[:, :, :-distance])
    down = correlation(maps[:, distance:], maps[:, :-distance])
    return (right + down) / 2


def relative_distances(values, references):
    """The Euclidean distance of each image's values from the reference, relative to the norm of the reference.

    values, references: (N, ...) alike; in float64, where sums of float32 cannot overflow
    returns:            (N,) float64, NaN where the values are
    """
    values, references = (each.detach().cpu().double().flatten(1) for each in (values, references))
    return (values - references).norm(dim=1) / references.norm(dim=1)
