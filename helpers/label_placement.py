"""Where labels of points go so that none covers another: greedily, the most important first (after Imhof 1962)."""

import numpy as np

DIRECTIONS = np.deg2rad(np.arange(0, 360, 22.5))
GAPS = (2, 7, 14, 23)  # between a point's mark and its label, in the unit of the points


def place_labels(anchors, sizes, bounds, points, radius=5):
    """Positions of labels beside their points.

    anchors: (n, 2) the labelled points, the most important first
    sizes:   (n, 2) widths and heights of the labels, in the same unit
    bounds:  (left, bottom, right, top) that no label may leave
    points:  (m, 2) all points; labels lie on as few of them as there is room for, and near their own
    radius:  of a point's mark
    returns: (n, 2) lower left corners; NaN for a label that has no free place
    """
    anchors, sizes, points = (np.asarray(each, dtype=float).reshape(-1, 2) for each in (anchors, sizes, points))
    corners, placed = np.full(anchors.shape, np.nan), np.empty((0, 4))
    for number, (anchor, size) in enumerate(zip(anchors, sizes, strict=True)):
        boxes, gaps = _candidates(anchor, size, radius)
        free = _inside(boxes, bounds) & ~_overlaps(boxes, placed).any(axis=1)
        if free.any():
            marks = np.concatenate([points - radius, points + radius], axis=1)  # (m, 4)
            costs = gaps + 12 * _overlaps(boxes, marks).sum(axis=1)
            best = boxes[np.where(free, costs, np.inf).argmin()]
            corners[number] = best[:2]
            placed = np.vstack([placed, best])
    return corners


def _candidates(anchor, size, radius):
    """Boxes (k, 4) all around a point, each touching a circle around it, and their gaps (k,) to its mark."""
    gaps = np.repeat(GAPS, len(DIRECTIONS))
    towards = np.tile(np.stack([np.cos(DIRECTIONS), np.sin(DIRECTIONS)], axis=1), (len(GAPS), 1))  # (k, 2)
    # the box's middle moves out until it only touches the circle: by half its size in the direction's larger share
    centres = anchor + towards * (radius + gaps)[:, None] + np.clip(1.5 * towards, -1, 1) * size / 2
    return np.concatenate([centres - size / 2, centres + size / 2], axis=1), gaps


def _inside(boxes, bounds):
    left, bottom, right, top = bounds
    return (boxes[:, 0] >= left) & (boxes[:, 1] >= bottom) & (boxes[:, 2] <= right) & (boxes[:, 3] <= top)


def _overlaps(boxes, others):
    """(k, 4) boxes against (m, 4): (k, m) boolean."""
    apart = (boxes[:, None, :2] >= others[None, :, 2:]) | (boxes[:, None, 2:] <= others[None, :, :2])
    return ~apart.any(axis=-1)
