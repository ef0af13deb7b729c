"""Colours: sRGB in [0, 1], as arrays of shape (3,) or (V, 3)."""

import numpy as np


def hexadecimal(code):
    """Colour (3,) in [0, 1] of a six-digit code such as "b98a5a"."""
    return np.array([int(code[i : i + 2], 16) / 255 for i in (0, 2, 4)])


def linear(colour):
    """Linear light of an sRGB colour, same shape: the transfer function of IEC 61966-2-1."""
    colour = np.asarray(colour, float)
    return np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)


def mix(a, b, t):
    """Colour between `a` (t = 0) and `b` (t = 1); t of shape (V,) gives (V, 3)."""
    t = np.asarray(t, float)[..., None]
    return np.asarray(a, float) * (1 - t) + np.asarray(b, float) * t


def smoothstep(low, high, x):
    """0 below `low`, 1 above `high`, smooth in between; with low > high it falls instead."""
    t = np.clip((np.asarray(x, float) - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)
