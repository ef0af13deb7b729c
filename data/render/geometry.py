"""Meshes as numpy arrays: 1 unit is 10 cm, z is up, angles are in radians."""

from dataclasses import dataclass, replace
from functools import lru_cache

import bmesh
import numpy as np
from mathutils import Matrix, Quaternion, Vector

UP = (0, 0, 1)
WHITE = (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Mesh:
    """Vertices (V, 3), faces as a list of index arrays (F, 3) or (F, 4), colours (V, 3), (3,) or None."""

    vertices: np.ndarray
    faces: list
    colours: np.ndarray | None = None

    def moved(self, offset):
        """The mesh shifted by `offset` (3,)."""
        return replace(self, vertices=self.vertices + np.asarray(offset, float))

    def scaled(self, factors):
        """The mesh scaled about the origin by one factor or by one per axis."""
        return replace(self, vertices=self.vertices * np.asarray(factors, float))

    def turned(self, matrix):
        """The mesh turned about the origin by a matrix (3, 3)."""
        return replace(self, vertices=self.vertices @ np.asarray(matrix, float).T)

    def painted(self, colours):
        """The mesh with sRGB colours, one (3,) or one per vertex (V, 3)."""
        return replace(self, colours=np.asarray(colours, float))


def join(meshes):
    """One mesh of several; where some have colours, those without become white."""
    meshes = list(meshes)
    if not meshes:
        raise ValueError("join needs at least one mesh, got none")
    starts = np.cumsum([0] + [len(mesh.vertices) for mesh in meshes])
    faces = [part + start for mesh, start in zip(meshes, starts, strict=False) for part in mesh.faces]
    colours = None
    if any(mesh.colours is not None for mesh in meshes):
        colours = np.concatenate([vertex_colours(mesh) for mesh in meshes])
    return Mesh(np.concatenate([mesh.vertices for mesh in meshes]), faces, colours)


def vertex_colours(mesh):
    """Colours (V, 3) of a mesh whose colours may be (V, 3), (3,) or None (white)."""
    colours = WHITE if mesh.colours is None else mesh.colours
    return np.broadcast_to(np.asarray(colours, float), (len(mesh.vertices), 3))


@lru_cache
def _icosphere(subdivisions):
    """Vertices and triangles of the unit icosphere; 1 is the icosahedron."""
    work = bmesh.new()
    bmesh.ops.create_icosphere(work, subdivisions=subdivisions, radius=1)
    vertices = np.array([vertex.co for vertex in work.verts])
    faces = np.array([[vertex.index for vertex in face.verts] for face in work.faces])
    work.free()
    return vertices, faces


def sphere(subdivisions, radii=(1, 1, 1)):
    """Icosphere with 12, 42, 162, 642, 2562, ... vertices for subdivisions 1, 2, 3, 4, 5, ..., stretched to `radii`."""
    vertices, faces = _icosphere(subdivisions)
    return Mesh(vertices * np.asarray(radii, float), [faces])


def superellipsoid(subdivisions, power, radii=(1, 1, 1)):
    """|x|^power + |y|^power + |z|^power = 1, stretched to `radii`: power 2 is a ball, 10 nearly a box."""
    vertices, faces = _icosphere(subdivisions)
    distance = (np.abs(vertices) ** power).sum(axis=1, keepdims=True) ** (-1 / power)
    return Mesh(vertices * distance * np.asarray(radii, float), [faces])


def grid_faces(rows, columns, closed=True):
    """Quads (F, 4) of a grid of points numbered row by row; closed joins the last column to the first."""
    row = np.arange(rows - 1)[:, None] * columns
    column = np.arange(columns if closed else columns - 1)[None]
    following = (column + 1) % columns
    corners = [row + column, row + following, row + columns + following, row + columns + column]
    return np.stack(corners, axis=-1).reshape(-1, 4)


def sheet(points, closed=False):
    """Grid of points (n, m, 3) as a surface; closed joins the last column to the first."""
    points = np.asarray(points, float)
    rows, columns = points.shape[:2]
    return Mesh(points.reshape(-1, 3), [grid_faces(rows, columns, closed)])


def lathe(profile, segments=96):
    """Surface of revolution about z of a profile (P, 2) of (radius, height)."""
    radius, height = np.asarray(profile, float).T[:, :, None]
    angle = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    points = np.stack([radius * np.cos(angle), radius * np.sin(angle), height + 0 * angle], axis=-1)
    return Mesh(points.reshape(-1, 3), [grid_faces(len(points), segments)[:, ::-1]])


def _unit(vectors):
    return vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)


def _frames(path):
    """Two unit vectors (P, 3) across the path at every point of it."""
    along = np.gradient(path, axis=0)
    if len(path) > 3:  # the end points are doubled by caps: take the direction from further inside
        along[0], along[-1] = along[2], along[-3]
    along = _unit(along)
    across = np.cross(along, [0.13, 0.21, 0.97])
    parallel = np.linalg.norm(across, axis=1) < 0.05
    across[parallel] = np.cross(along[parallel], [1, 0, 0])
    across = _unit(across)
    return across, np.cross(along, across)


def tube(path, radius, segments=8, capped=True):
    """Tube along a path (P, 3), with one radius or one per point (P,); capped closes the ends flat."""
    path = np.asarray(path, float)
    radius = np.broadcast_to(np.asarray(radius, float), (len(path),))
    if capped:
        path = np.concatenate([path[:1], path, path[-1:]])
        radius = np.concatenate([[1e-4], radius, [1e-4]])
    first, second = _frames(path)
    angle = np.linspace(0, 2 * np.pi, segments, endpoint=False)[:, None]
    ring = np.cos(angle) * first[:, None] + np.sin(angle) * second[:, None]  # (P, segments, 3)
    return sheet(path[:, None] + radius[:, None, None] * ring, closed=True)


def rotation(axis, angle):
    """Matrix (3, 3) of a turn by `angle` about `axis` (3,)."""
    return np.array(Matrix.Rotation(angle, 3, Vector(axis)))


def alignment(normal, spin):
    """Matrix (3, 3) that takes z to `normal` (3,), after a turn by `spin` about z."""
    normal = np.asarray(normal, float)
    turn = Vector(UP).rotation_difference(Vector(normal / np.linalg.norm(normal)))
    return np.array(turn.to_matrix()) @ rotation(UP, spin)


def random_rotation(rng):
    """Uniformly random rotation matrix (3, 3)."""
    quaternion = rng.normal(size=4)
    return np.array(Quaternion(quaternion / np.linalg.norm(quaternion)).to_matrix())
