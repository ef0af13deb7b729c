"""A heap of pieces dropped one by one, each coming to rest on what lies there."""

import math

import numpy as np
from geometry import alignment, join

PROBES = 500  # points of a piece that are tested for contact
STEEPEST = 0.6  # slope: steeper than this a piece would slide, not lean


class Heap:
    """A square grid of heights; each dropped piece leans on it, rests on it and raises it.

    floor:  height function (x, y) -> z of arrays, what lies there before the first piece
    extent: half the side of the square the grid covers, in units; beyond it the border's height counts
    """

    def __init__(self, scene, floor, extent=1.15, cells=110):
        self.scene = scene
        self.extent = extent
        self.cells = cells
        axis = (np.arange(cells) + 0.5) / cells * 2 * extent - extent
        x, y = np.meshgrid(axis, axis, indexing="ij")
        self.heights = np.array(floor(x, y), float)
        self.pieces = []

    def cell(self, x, y):
        """Grid indices under the points."""
        scale = self.cells / (2 * self.extent)
        i = np.clip(((np.asarray(x) + self.extent) * scale).astype(int), 0, self.cells - 1)
        j = np.clip(((np.asarray(y) + self.extent) * scale).astype(int), 0, self.cells - 1)
        return i, j

    def height(self, x, y):
        """Height function of the heap as it is now, for herbs and the like."""
        found = self.heights[self.cell(x, y)]
        return found if np.ndim(x) else float(found)

    def normal(self, x, y, reach):
        """Upward normal of the plane through the heights at four points `reach` away."""
        slope_x = (self.height(x + reach, y) - self.height(x - reach, y)) / (2 * reach)
        slope_y = (self.height(x, y + reach) - self.height(x, y - reach)) / (2 * reach)
        return np.array([np.clip(-slope_x, -STEEPEST, STEEPEST), np.clip(-slope_y, -STEEPEST, STEEPEST), 1.0])

    def drop(self, piece, radius, tilt=0.1, trials=14, centre=(0, 0), spin=None, give=0.03):
        """Lay a piece where, of several random places within `radius` of `centre`, it comes to rest lowest.

        spin: its angle about the vertical, None for any. give: share of its points that may sink into others, so that
        it does not balance on a single one. Returns the mesh as it lies.
        """
        scene = self.scene
        probes = piece.vertices[:: max(1, len(piece.vertices) // PROBES)]
        reach = max(0.05, 0.5 * float(np.percentile(np.hypot(probes[:, 0], probes[:, 1]), 70)))
        best = None
        for _ in range(trials):
            distance, angle = radius * math.sqrt(scene.uniform(0, 1)), scene.uniform(0, 2 * math.pi)
            x, y = centre[0] + distance * math.cos(angle), centre[1] + distance * math.sin(angle)
            lean = self.normal(x, y, reach) + np.r_[scene.normal(0, tilt, 2), 0]
            turn = alignment(lean, scene.uniform(0, 2 * math.pi) if spin is None else spin)
            points = probes @ turn.T + [x, y, 0]
            cells = self.cell(points[:, 0], points[:, 1])
            lift = float(np.quantile(self.heights[cells] - points[:, 2], 1 - give))
            if best is None or lift < best[0]:
                best = lift, turn, (x, y, lift), cells, points[:, 2] + lift
        _, turn, at, cells, tops = best
        np.maximum.at(self.heights, cells, tops)
        self.pieces.append(piece.turned(turn).moved(at))
        return self.pieces[-1]

    def mesh(self):
        """All dropped pieces as one mesh."""
        return join(self.pieces)
