"""Liquids in a bowl: the coloured surface of creamy and clear soups, swirls of cream, drops of oil."""

from dataclasses import replace

import numpy as np
from colour import hexadecimal, mix, smoothstep
from surfaces import disc, polar_grid, relief

CREAM = hexadecimal("efe4cc")


def surface(scene, z, radius, colour, rough=0.012):
    """Level mesh at height z with a meniscus, uneven by `rough`; its colour is mottled, darker at the rim."""
    share, angle = polar_grid(100, 190)
    x, y = radius * share * np.cos(angle), radius * share * np.sin(angle)
    level = z + rough * relief(scene, x, y, 2.2) * (1 - share**6) + 0.02 * share**24
    mottles = (relief(scene, x, y, 3.5, 4) + 0.4 * relief(scene, x, y, 14, 2)).ravel()
    colours = mix(colour * 0.94, np.clip(colour * 1.07, 0, 1), smoothstep(-0.5, 0.6, mottles))
    rim = 0.6 * smoothstep(0.93, 1, share).ravel()
    return disc(x, y, level).painted(mix(colours, colour * 0.72, rim))


def distance_to_path(points, path):
    """Distance (V,) of points (V, 2) to a polyline (P, 2), and where along it, in [0, 1], the nearest point lies."""
    start, step = path[:-1], np.diff(path, axis=0)
    length = (step**2).sum(axis=1) + 1e-12
    nearest, where = np.full(len(points), np.inf), np.zeros(len(points))
    for i in range(len(step)):
        along = np.clip(((points - start[i]) @ step[i]) / length[i], 0, 1)
        distance = ((points - start[i] - along[:, None] * step[i]) ** 2).sum(axis=1)
        closer = distance < nearest
        nearest[closer] = distance[closer]
        where[closer] = (i + along[closer]) / len(step)
    return np.sqrt(nearest), where


def spiral(scene, radius):
    """Path (P, 2) of a spiral poured from the middle outwards."""
    turns = scene.uniform(1.6, 3.2)
    angle = np.linspace(0, turns * 2 * np.pi, int(28 * turns)) * scene.choice(-1, 1)
    away = radius * (0.04 + scene.uniform(0.5, 0.66) * np.abs(angle) / np.abs(angle[-1]))
    start = scene.uniform(0, 6.28)
    return np.stack([away * np.cos(angle + start), away * np.sin(angle + start)], axis=-1)


def zigzag(scene, radius):
    """Path (P, 2) of a thread of cream drawn to and fro across the bowl."""
    along = np.linspace(-1, 1, 64)
    width = 0.5 * np.sqrt(np.clip(1 - 0.8 * along**2, 0, 1))
    path = np.stack([0.55 * along, width * np.sin(along * scene.uniform(7, 12))], axis=-1) * radius
    spin = scene.uniform(0, 6.28)
    return path @ np.array([[np.cos(spin), np.sin(spin)], [-np.sin(spin), np.cos(spin)]])


def comma(scene, radius):
    """Path (P, 2) of one curl of cream, beginning in a blob."""
    angle = np.linspace(0, scene.uniform(3.5, 5), 36) * scene.choice(-1, 1) + scene.uniform(0, 6.28)
    away = radius * np.linspace(0.16, 0.42, 36)
    return np.stack([away * np.cos(angle), away * np.sin(angle)], axis=-1)


def with_cream(scene, mesh, radius, colour=CREAM):
    """The surface with a thread of cream poured on it: thick where it begins, thin where it ends."""
    points = mesh.vertices[:, :2]
    bend = np.stack([scene.noise(mesh.vertices, 2.2, 2), scene.noise(mesh.vertices, 2.2, 2)], axis=-1)
    path = scene.choice(spiral, spiral, zigzag, comma)(scene, radius)
    distance, where = distance_to_path(points + 0.045 * radius * bend, path)
    width = radius * scene.uniform(0.04, 0.065) * (1.25 - 0.75 * where) * (1 + 0.25 * scene.noise(mesh.vertices, 3, 2))
    cream = smoothstep(width * 1.25, width * 0.75, distance)
    colours = mix(mesh.colours, colour, 0.92 * cream)
    lift = np.stack([0 * cream, 0 * cream, 0.012 * cream], axis=-1)
    return replace(mesh, vertices=mesh.vertices + lift).painted(colours)


def with_drops(scene, mesh, radius, count, colour, sizes=(0.01, 0.05), strength=0.55):
    """The surface with round drops of another colour: oil on broth, bubbles and chilli oil on cream."""
    away = radius * 0.95 * np.sqrt(scene.rng.random(count))
    angle, size = scene.rng.uniform(0, 2 * np.pi, count), scene.rng.uniform(*sizes, count)
    cover = np.zeros(len(mesh.vertices))
    for x, y, reach in zip(away * np.cos(angle), away * np.sin(angle), size, strict=True):
        from_middle = np.hypot(mesh.vertices[:, 0] - x, mesh.vertices[:, 1] - y)
        cover = np.maximum(cover, smoothstep(reach, reach * 0.8, from_middle))
    lift = np.stack([0 * cover, 0 * cover, 0.004 * cover], axis=-1)
    return replace(mesh, vertices=mesh.vertices + lift).painted(mix(mesh.colours, colour, strength * cover))


def creamy_material(scene):
    """Thick soup: opaque, moist, with small lumps."""
    return scene.material(
        roughness=0.22,
        subsurface=0.1,
        subsurface_radius=(1, 0.5, 0.25),
        coat=0.35,
        refraction=1.33,
        bumps=((30, 0.2), (6, 0.2)),
        variation=0.06,
        variation_scale=22,
    )


def clear_material(scene, transmission=0.35):
    """Broth: smooth; `transmission` is the share of light that passes its surface."""
    return scene.material(roughness=0.14, coat=0.25, transmission=transmission, refraction=1.33, bumps=((4, 0.06),))


def creamy(scene, z, radius, colour, cream=False, oil=None):
    """Add a thick soup; `cream` pours a thread of cream on it, `oil` (3,) sprinkles drops of that colour."""
    mesh = surface(scene, z, radius, colour)
    mesh = with_drops(scene, mesh, radius, scene.integer(10, 40), colour * 0.86, (0.006, 0.018), 0.6)
    if cream:
        mesh = with_cream(scene, mesh, radius)
    if oil is not None:
        mesh = with_drops(scene, mesh, radius * 0.8, scene.integer(8, 24), oil, (0.012, 0.045), 0.75)
    return scene.add(mesh, creamy_material(scene), name="soup")


def clear(scene, z, radius, colour, transmission=0.35, bottom=0.16):
    """Add a broth with drops of fat; its dark ground lies `bottom` below the surface."""
    mesh = surface(scene, z, radius, colour, 0.006)
    fat = np.clip(colour * 1.35, 0, 1)
    mesh = with_drops(scene, mesh, radius, scene.integer(20, 70), fat)
    ground_share, angle = polar_grid(4, 64)
    reach = 0.93 * radius * ground_share
    ground = disc(reach * np.cos(angle), reach * np.sin(angle), 0 * angle + z - bottom)
    scene.add(ground, scene.material(colour=colour * 0.8, roughness=0.6), name="soup")
    return scene.add(mesh, clear_material(scene, transmission), name="soup")
