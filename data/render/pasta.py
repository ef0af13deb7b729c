"""Short pasta: quills and elbows."""

import numpy as np
from geometry import sheet


def hollow(outline, along_bend):
    """A pipe closed onto itself at its ends: outside there, inside back.

    outline: function (position in [-1, 1], share of the radius) -> ring of points (spokes, 3).
    along_bend: number of rings on the outside.
    """
    there = [outline(x, 1.0) for x in np.linspace(-1, 1, along_bend)]
    back = [outline(x, 0.7) for x in np.linspace(1, -1, along_bend)]
    return sheet(np.array([outline(-1, 0.7), *there, *back]), closed=True)


def quill(scene, radius):
    """A straight tube with slanting ends, `radius` thick."""
    angle = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    length, bend = radius * scene.uniform(5.5, 7.5), scene.uniform(-0.15, 0.15)

    def ring(position, share):
        along = 0.5 * position * length + 0.55 * radius * np.cos(angle)
        bow = length * bend * (along / length) ** 2
        return np.stack([along, share * radius * np.cos(angle), share * radius * np.sin(angle) + bow], axis=-1)

    return hollow(ring, 7)


def elbow(scene, radius):
    """A short bent tube, `radius` thick."""
    angle = np.linspace(0, 2 * np.pi, 18, endpoint=False)
    reach, opening = radius * scene.uniform(2.2, 2.8), scene.uniform(0.9, 1.25)

    def ring(position, share):
        turn = position * opening
        away = reach + share * radius * np.cos(angle)
        return np.stack([away * np.sin(turn), away * np.cos(turn) - reach, share * radius * np.sin(angle)], axis=-1)

    return hollow(ring, 12)


SHAPES = {"penne": quill, "macaroni": elbow}
