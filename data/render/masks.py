"""Which pixels show what: rays from a pinhole camera, through glass."""

import bpy
import numpy as np
from mathutils import Vector
from studio import RESOLUTION

_PAST = 1e-3  # units: how far behind a glass surface a ray goes on
_MOST_GLASS = 4  # surfaces looked through


def camera_rays():
    """The camera's position (3,) and unit directions (RESOLUTION, RESOLUTION, 3) through the pixels' middles."""
    scene = bpy.context.scene
    top_right, _, bottom_left, top_left = (
        np.array(scene.camera.matrix_world @ corner) for corner in scene.camera.data.view_frame(scene=scene)
    )
    origin = np.array(scene.camera.matrix_world.translation)
    share = (np.arange(RESOLUTION) + 0.5) / RESOLUTION
    across = share[None, :, None] * (top_right - top_left)
    down = share[:, None, None] * (bottom_left - top_left)
    directions = top_left + across + down - origin
    return origin, directions / np.linalg.norm(directions, axis=-1, keepdims=True)


def project(points):
    """Column, row in pixels (not rounded, may lie outside) and depth in units of points (N, 3) -> (N, 3)."""
    scene = bpy.context.scene
    camera = scene.camera
    frame = camera.data.view_frame(scene=scene)
    half, plane = frame[0].x, -frame[0].z
    inverse = np.array(camera.matrix_world.inverted())
    local = np.asarray(points, float) @ inverse[:3, :3].T + inverse[:3, 3]
    depth = np.maximum(-local[:, 2], 1e-6)
    scaled = local[:, :2] / depth[:, None] * plane / half  # [-1, 1] inside the frame
    column, row = (scaled[:, 0] + 1) / 2 * RESOLUTION, (1 - scaled[:, 1]) / 2 * RESOLUTION
    return np.column_stack([column, row, -local[:, 2]])


def first_seen(origin, directions):
    """Per direction (N, 3): the name of the first thing hit that is not glass, else ""; and where, (N, 3)."""
    scene, depsgraph = bpy.context.scene, bpy.context.evaluated_depsgraph_get()
    names, places = [], np.full((len(directions), 3), np.inf)
    start = Vector(origin)
    for number, direction in enumerate(map(Vector, directions.tolist())):
        position, name = start, ""
        for _ in range(_MOST_GLASS):
            hit, place, _, _, thing, _ = scene.ray_cast(depsgraph, position, direction)
            if not hit:
                break
            if not thing.name.startswith("glass"):
                name, places[number] = thing.name, place
                break
            position = place + direction * _PAST
        names.append(name)
    return np.array(names), places


def visible(names):
    """Mask (RESOLUTION, RESOLUTION) of the pixels that show a thing with one of the names."""
    mask = np.zeros((RESOLUTION, RESOLUTION), bool)
    names = list(names)
    if not names:
        return mask
    rows, columns = _window(names)
    origin, directions = camera_rays()
    part = directions[rows, columns]
    seen, _ = first_seen(origin, part.reshape(-1, 3))
    mask[rows, columns] = np.isin(seen, names).reshape(part.shape[:2])
    return mask


def _window(names):
    """Rows and columns (slices) outside of which none of the things can be: only there are rays needed."""
    corners = []
    for name in names:
        thing = bpy.data.objects[name]
        box = np.array([list(corner) for corner in thing.bound_box])
        world = np.array(thing.matrix_world)
        corners.append(box @ world[:3, :3].T + world[:3, 3])
    column, row, depth = project(np.concatenate(corners)).T
    if (depth < 0.01).any():  # beside or behind the camera: anywhere
        return slice(None), slice(None)
    low = np.clip([row.min() - 1, column.min() - 1], 0, RESOLUTION).astype(int)
    high = np.clip([row.max() + 2, column.max() + 2], 0, RESOLUTION).astype(int)
    return slice(low[0], high[0]), slice(low[1], high[1])
