"""Putting pieces of food down: on a surface, in the hollow of a bowl, and on top of one another."""

from dataclasses import replace

import numpy as np


def level(z):
    """The height function of a flat surface at z."""
    return lambda x, y: np.zeros_like(np.asarray(x, float)) + z


def hollow(inner_radius, rim, floor=0.08):
    """The height function of a bowl's inside, from its z -> inner radius function, up to the height `rim`."""
    heights = np.linspace(floor, rim, 40)
    radii = np.array([inner_radius(z) for z in heights])
    return lambda x, y: np.interp(np.hypot(x, y), radii, heights)


def lowered(mesh, z, sink=0.008):
    """The mesh moved up or down until its lowest vertex lies `sink` under z."""
    return mesh.moved((0, 0, z - sink - mesh.vertices[:, 2].min()))


class Pile:
    """A height field of what already lies there; each new piece is let down until it touches."""

    def __init__(self, surface, extent=1.5, cell=0.04):
        self.extent = extent
        self.cell = cell
        centres = np.arange(-extent, extent, cell) + cell / 2
        self.floor = np.array(surface(*np.meshgrid(centres, centres, indexing="ij")), float)
        self.heights = self.floor.copy()

    def cells_under(self, vertices):
        """Indices (V,), (V,) of the cells over which the vertices lie."""
        indices = ((vertices[:, :2] + self.extent) / self.cell).astype(int)
        return tuple(np.clip(indices, 0, len(self.heights) - 1).T)

    def height(self, x, y):
        """Height of the pile at one point."""
        return float(self.heights[self.cells_under(np.array([[x, y, 0]]))][0])

    def lay(self, mesh, at, sink=0.01, give=0.05):
        """The mesh over the point `at` (x, y), let down until it touches.

        Soft foods give way: it goes `sink` into the surface, and the share `give` of it into other pieces.
        """
        mesh = mesh.moved((at[0], at[1], 0))
        cells = self.cells_under(mesh.vertices)
        above_floor = (self.floor[cells] - mesh.vertices[:, 2]).max() - sink
        above_pieces = np.quantile(self.heights[cells] - mesh.vertices[:, 2], 1 - give)
        mesh = mesh.moved((0, 0, max(above_floor, above_pieces)))
        np.maximum.at(self.heights, cells, mesh.vertices[:, 2])
        return mesh


def outlined(mesh, scene, amount=0.12, scale=1.0):
    """The mesh with its outline, seen from above, made irregular by `amount` of its radius."""
    vertices = mesh.vertices.copy()
    angle = np.arctan2(vertices[:, 1], vertices[:, 0])
    ring = np.stack([np.cos(angle), np.sin(angle), np.zeros_like(angle)], 1)
    vertices[:, :2] *= (1 + amount * scene.noise(ring, scale, 2))[:, None]
    return replace(mesh, vertices=vertices)
