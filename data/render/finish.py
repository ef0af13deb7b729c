"""From linear light to a picture: exposure, white balance, development, sensor noise."""

from typing import NamedTuple

import numpy as np

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
# linear light that the brightest parts may reach; 1 is paper white
FOOD_HIGHLIGHT = 0.9
FRAME_HIGHLIGHT = 1.2


class Development(NamedTuple):
    """What turns one picture's light into values; its twin is developed alike."""

    gain: float  # times the light
    gamma: float  # below 1 lifts the shadows
    balance: np.ndarray  # (3,), times red, green and blue
    saturation: float
    grain: np.ndarray  # (H, W, 3), in values of 0 to 255


def develop_for(light, food, rng):
    """How to develop linear light (H, W, 3) with a food mask (H, W): the food well exposed, whites with texture."""
    peak = light.max(axis=-1)
    inside = food if food.any() else np.ones_like(food)
    wanted = rng.uniform(0.85, 1.1) * FOOD_HIGHLIGHT / np.percentile(peak[inside], 97)
    gain = min(wanted, FRAME_HIGHLIGHT / np.percentile(peak, 90))
    mean = np.average(encode(tone(light * gain)) @ LUMINANCE, weights=np.where(food, 2, 1))
    target = 0.55 * rng.uniform(0.5, 0.62) + 0.45 * mean  # dark pictures stay darker than light ones
    gamma = np.clip(np.log(target) / np.log(np.clip(mean, 0.03, 0.95)), 0.7, 1.25)
    cast = light.reshape(-1, 3).mean(axis=0)
    balance = (cast @ LUMINANCE / cast) ** 0.25 * rng.uniform(0.975, 1.025, 3)  # a quarter of the way to grey
    grain = rng.normal(0, rng.uniform(0.5, 3), light.shape)
    return Development(gain, gamma, balance, rng.uniform(0.95, 1.15), grain)


def develop(light, settings):
    """Picture (H, W, 3) of uint8 from linear light of the same shape."""
    values = encode(tone(light * settings.gain * settings.balance)) ** settings.gamma
    grey = (values @ LUMINANCE)[..., None]
    values = grey + (values - grey) * settings.saturation
    return np.clip(255 * values + settings.grain, 0, 255).round().astype(np.uint8)


def tone(light):
    """Khronos's PBR Neutral tone mapper (2024): colours up to 0.76 as they are, brighter ones compressed below 1."""
    start, fade = 0.8 - 0.04, 0.15
    least = light.min(axis=-1, keepdims=True)
    light = light - np.where(least < 0.08, least - 6.25 * least**2, 0.04)
    peak = light.max(axis=-1, keepdims=True)
    span = 1 - start
    squeezed = 1 - span**2 / (np.maximum(peak, start) + span - start)
    paler = 1 - 1 / (fade * (np.maximum(peak, start) - squeezed) + 1)  # very bright colours fade to white
    bright = light * squeezed / np.maximum(peak, 1e-6) * (1 - paler) + squeezed * paler
    return np.where(peak < start, light, bright)


def encode(light):
    """sRGB values of linear light, both in [0, 1]."""
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
