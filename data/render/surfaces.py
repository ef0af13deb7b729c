"""Surfaces over a polar grid: liquids, sauces, the white of an egg, the solid under a heap."""

import numpy as np
from colour import hexadecimal
from geometry import Mesh, sheet


def polar_grid(rings, spokes):
    """Radius in [0, 1] and angle of a disc's grid points, each of shape (rings, spokes)."""
    radius = np.linspace(0, 1, rings)
    angle = np.linspace(0, 2 * np.pi, spokes, endpoint=False)
    return np.meshgrid(radius, angle, indexing="ij")


def disc(x, y, z):
    """Mesh over a polar grid of coordinates, each of shape (rings, spokes)."""
    return sheet(np.stack([x, y, z + 0 * x], axis=-1), closed=True)


def relief(scene, x, y, scale, octaves=3, offset=None):
    """Fractal noise at the points of a grid, in the grid's shape."""
    points = np.stack([x.ravel(), y.ravel(), np.zeros(x.size)], axis=-1)
    return scene.noise(points, scale, octaves, offset).reshape(x.shape)


def wobbling_outline(scene, angle, amplitude, lobes=11):
    """Factor about 1 by angle, for the edge of a puddle; `lobes` random bulges, joined smoothly."""
    at = np.linspace(0, 2 * np.pi, lobes + 1)
    bulges = scene.normal(0, amplitude, lobes)
    nearby = np.linspace(-0.25, 0.25, 7)[:, None, None]  # the mean over a few angles rounds the corners
    return 1 + np.interp((angle + nearby) % (2 * np.pi), at, np.r_[bulges, bulges[0]]).mean(axis=0)


def shades(scene, codes, spread=0.05):
    """Function of a piece's number that gives it one of the colours `codes` (six digits), a little varied."""
    palette = [hexadecimal(code) for code in codes]

    def shade(_):
        return scene.jitter(scene.choice(*palette), spread)

    return shade


def puddle(scene, height, radius, thickness, centre=(0.0, 0.0), wobble=0.2):
    """A thick sauce spread over `height`, with a bulging irregular edge; returns (mesh, its points' relief (V,))."""
    share, angle = polar_grid(44, 110)
    reach = radius * share * wobbling_outline(scene, angle, wobble)
    x = centre[0] + reach * np.cos(angle)
    y = centre[1] + reach * np.sin(angle)
    lumps = relief(scene, x, y, 9)
    z = height(x, y) + thickness * np.sqrt(np.clip(1 - share**3, 0, 1)) + 0.3 * thickness * lumps - 0.015
    return disc(x, y, z), lumps.ravel()


def solid_under(height, radius, colour, drop, centre=(0.0, 0.0)) -> Mesh:
    """The disc below a heap of pieces, `drop` under `height`, so that no gap shows the dish."""
    share, angle = polar_grid(30, 72)
    x = radius * share * np.cos(angle)
    y = radius * share * np.sin(angle)
    return disc(x, y, height(x, y) - drop).moved((*centre, 0)).painted(colour)
