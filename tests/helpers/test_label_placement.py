"""Labels beside points: none covers another, none leaves the panel."""

import numpy as np
import pytest

from helpers.label_placement import place_labels

BOUNDS = (0, 0, 200, 150)


@pytest.fixture(params=[3, 30, 120])
def points(request):
    return np.random.default_rng(request.param).uniform((20, 20), (180, 130), (request.param, 2))


def boxes(points, size):
    corners = place_labels(points, np.tile(size, (len(points), 1)), BOUNDS, points)
    return np.concatenate([corners, corners + size], axis=1)


def test_no_label_covers_another_and_none_leaves_the_panel(points):
    placed = boxes(points, (30.0, 9.0))
    placed = placed[~np.isnan(placed).any(axis=1)]
    assert len(placed) >= min(len(points), 10)
    assert (placed[:, :2] >= BOUNDS[:2]).all()
    assert (placed[:, 2:] <= BOUNDS[2:]).all()
    gaps = np.maximum(placed[:, None, :2] - placed[None, :, 2:], placed[None, :, :2] - placed[:, None, 2:]).max(axis=2)
    assert (gaps[~np.eye(len(placed), dtype=bool)] >= 0).all()


def test_every_label_is_near_its_point(points):
    placed = boxes(points, (30.0, 9.0))
    nearest = np.clip(points, placed[:, :2], placed[:, 2:])
    assert np.nanmax(np.linalg.norm(nearest - points, axis=1)) < 40


def test_a_label_alone_stands_just_beside_its_point():
    ((left, bottom),) = place_labels([[100, 75]], [[30, 9]], BOUNDS, [[100, 75]])
    assert 100 < left <= 110
    assert bottom < 75 < bottom + 9


def test_labels_avoid_other_points_where_there_is_room():
    points = np.array([[100, 75], [115, 75]])
    ((left, bottom),) = place_labels(points[:1], [[30, 9]], BOUNDS, points)
    assert not (left < 115 < left + 30 and bottom < 75 < bottom + 9)


def test_the_important_labels_are_placed_and_those_without_room_are_left_out():
    points = np.tile([100, 75], (300, 1))
    corners = place_labels(points, np.tile((60, 20), (300, 1)), BOUNDS, points)
    free = ~np.isnan(corners).any(axis=1)
    assert free[0]
    assert not free[-1]


def test_no_labels_are_no_error():
    assert place_labels(np.empty((0, 2)), np.empty((0, 2)), BOUNDS, [[1, 1]]).shape == (0, 2)
