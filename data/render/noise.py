"""Gradient noise after Perlin, "Improving Noise" (2002), from fixed tables: the same points give the same values."""

import numpy as np

_PERMUTATION = np.random.default_rng(7).permutation(256)
_GRADIENTS = np.random.default_rng(8).normal(size=(256, 3))
_GRADIENTS /= np.linalg.norm(_GRADIENTS, axis=1, keepdims=True)
_SCALE = 1.6  # brings the values, about [-0.6, 0.6], to about [-1, 1]


def _hash(cell):
    """Table index (V,) of integer cells (V, 3)."""
    x, y, z = (cell & 255).T
    first = _PERMUTATION[x]
    second = _PERMUTATION[(first + y) & 255]
    return _PERMUTATION[(second + z) & 255]


def gradient_noise(points):
    """One octave of noise, (V, 3) -> (V,), about [-1, 1]."""
    cell = np.floor(points).astype(int)
    inside = points - cell
    fade = inside**3 * (inside * (inside * 6 - 15) + 10)
    total = np.zeros(len(points))
    for corner in np.ndindex(2, 2, 2):
        gradient = _GRADIENTS[_hash(cell + corner)]
        slope = np.einsum("ij,ij->i", gradient, inside - corner)
        weight = np.where(corner, fade, 1 - fade).prod(axis=1)
        total += slope * weight
    return total * _SCALE


def fractal_noise(points, scale=1.0, octaves=4, offset=(0, 0, 0)):
    """Sum of octaves, each twice as fine and half as strong: (V, 3) -> (V,), about [-1, 1]."""
    points = np.asarray(points, float) * scale + np.asarray(offset, float)
    total = np.zeros(len(points))
    for octave in range(octaves):
        total += gradient_noise(points) * 0.5**octave
        points = points * 2.03 + 17  # not exactly 2, so that the lattices of the octaves never line up
    return total
