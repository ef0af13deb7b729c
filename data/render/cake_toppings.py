"""What lies on cakes: strawberries, cherries, berries, piped cream, chocolate."""

import numpy as np
from clutter import leaf, leaf_material
from colour import hexadecimal, mix, smoothstep
from geometry import Mesh, join, rotation, sphere, tube

UP = (0, 0, 1)
GOLDEN_ANGLE = np.pi * (3 - 5**0.5)


def cream_material(scene):
    return scene.material(
        roughness=0.4,
        subsurface=0.12,
        subsurface_radius=(1, 0.8, 0.6),
        coat=0.12,
        bumps=((9, 0.2),),
    )


def fruit_material(scene):
    """Moist skin, coloured by the vertices."""
    return scene.material(roughness=0.3, coat=0.25, subsurface=0.08, bumps=((30, 0.1),))


def strawberry_body(scene, size):
    """A strawberry around the origin, its tip at +z, `size` its radius, with pale seeds in small pits."""
    ball = sphere(5)
    unit = ball.vertices
    narrowing = 1 - 0.32 * smoothstep(-0.4, 1, unit[:, 2])
    body = unit * [1, 1, 1] * np.column_stack([narrowing, narrowing, np.where(unit[:, 2] > 0, 1.35, 0.75)])
    heights = np.linspace(-0.75, 0.92, 60)
    turn = GOLDEN_ANGLE * np.arange(60)
    level = np.sqrt(1 - heights**2)
    seeds = np.column_stack([level * np.cos(turn), level * np.sin(turn), heights])
    nearest = (unit @ seeds.T).max(axis=1)  # cosine of the angle to the nearest seed
    red = scene.jitter(hexadecimal("c4201f"), 0.06)
    colours = mix(red, hexadecimal("e0805a"), 0.6 * smoothstep(-0.5, -0.95, unit[:, 2]))
    colours = mix(colours, hexadecimal("ecc168"), smoothstep(0.9935, 0.997, nearest))
    pits = 1 - 0.035 * smoothstep(0.985, 0.995, nearest)[:, None]
    return Mesh(body * pits * size, ball.faces).painted(colours)


def halved(scene, size):
    """Half a strawberry lying on its round side, the cut face up, its tip at +x."""
    whole = strawberry_body(scene, size).turned(rotation((0, 1, 0), np.pi / 2))
    points = whole.vertices.copy()
    cut = points[:, 2] > 0
    from_core = np.hypot(points[:, 0] / 1.2, points[:, 1]) / size
    face = mix(hexadecimal("f3cdb8"), hexadecimal("d8423a"), smoothstep(0.12, 0.62, from_core))
    points[cut, 2] = 0
    colours = np.where(cut[:, None], face, whole.colours)
    return Mesh(points + np.array([0, 0, 0.55 * size]), whole.faces).painted(colours)


def hull(scene, size):
    """The green leaves at the end of a strawberry, around the origin."""
    leaves = []
    for k in range(6):
        blade = leaf(scene, 0.8 * size, hexadecimal("5f8f2c"), 0.5).moved((0.34 * size, 0, 0))
        leaves.append(blade.turned(rotation(UP, 1.05 * k)))
    return join(leaves)


def strawberry(scene, at, size, posture=None):
    """A strawberry at `at`: "tip" up, "leaves" up, or "half"."""
    posture = posture or scene.choice("tip", "leaves", "half")
    spin = rotation(UP, scene.uniform(0, 2 * np.pi))
    if posture == "half":
        body = halved(scene, size)
    elif posture == "tip":
        body = strawberry_body(scene, size).moved((0, 0, 0.65 * size))
    else:
        body = strawberry_body(scene, size).turned(rotation((1, 0, 0), np.pi - 0.25)).moved((0, 0, 0.9 * size))
        scene.add(
            hull(scene, size).moved((0, 0, 1.62 * size)).turned(spin).moved(at), leaf_material(scene), name="leaves"
        )
    scene.add(body.turned(spin).moved(at), fruit_material(scene), name="strawberry")


def cherry(scene, at, size):
    ball = sphere(4, (size, size, 0.92 * size)).moved((0, 0, 0.9 * size))
    skin = scene.material(colour=scene.jitter(hexadecimal("a3121c"), 0.08), roughness=0.12, coat=0.7)
    scene.add(ball.moved(at), skin, name="cherry")
    stalk = tube([(0, 0, 1.7 * size), (0.1 * size, 0, 2.4 * size), (0.4 * size, 0, 3.2 * size)], 0.09 * size, 6)
    scene.add(stalk.moved(at), scene.material(colour=hexadecimal("6a5a2a"), roughness=0.6), name="stalk")


def berry_body(scene, size, codes=("2b3158", "9c1a2c", "4f1c38")):
    """A blueberry, raspberry or blackberry standing on z = 0."""
    colour = scene.jitter(hexadecimal(scene.choice(*codes)), 0.08)
    ball = sphere(3, (size,) * 3)
    grainy = 1 + 0.07 * scene.noise(ball.vertices / size, 4, 1)
    return Mesh(ball.vertices * grainy[:, None], ball.faces).moved((0, 0, 0.85 * size)).painted(colour)


def berry(scene, at, size):
    scene.add(berry_body(scene, size).moved(at), fruit_material(scene), name="berry")


def rosette(scene, at, size, colour):
    """A swirl of piped cream."""
    t = np.linspace(0, 1, 120)
    away, angle = size * (0.75 * (1 - t) ** 0.8 + 0.02), 2 * np.pi * 2.6 * t
    path = np.stack([away * np.cos(angle), away * np.sin(angle), size * (0.3 + 1.0 * t)], -1)
    swirl = tube(path, size * (0.36 * (1 - 0.7 * t)), 12).painted(colour)
    scene.add(swirl.moved(at), cream_material(scene), name="cream")


def shavings(scene, at, size):
    curls = []
    for _ in range(9):
        t = np.linspace(0, scene.uniform(2, 4), 14)
        curl = np.stack([0.3 * size * np.cos(t), scene.uniform(0.2, 0.5) * size * t / 3, 0.3 * size * np.sin(t)], -1)
        turn = rotation(UP, scene.uniform(0, 6.28))
        offset = (*scene.normal(0, 0.8 * size, 2), 0.3 * size)
        curls.append(tube(curl, 0.1 * size, 5).turned(turn).moved(offset))
    scene.add(join(curls).moved(at), scene.material(colour=hexadecimal("4a2415"), roughness=0.5), name="chocolate")


def topping(scene, at, size, kind, colour):
    """One piece: strawberry, half, cherry, rosette, crowned (a rosette with a cherry), berry or shavings."""
    if kind == "crowned":
        rosette(scene, at, 0.9 * size, colour)
        cherry(scene, np.add(at, (0, 0, 1.1 * size)), 0.55 * size)
    elif kind == "rosette":
        rosette(scene, at, size, colour)
    elif kind == "berry":
        for dx, dy in ((-0.55, -0.3), (0.5, -0.35), (0.0, 0.55)):
            berry(scene, np.add(at, (dx * size, dy * size, 0)), 0.52 * size)
    elif kind == "half":
        strawberry(scene, at, 0.95 * size, "half")
    else:
        {"strawberry": strawberry, "cherry": cherry, "shavings": shavings}[kind](scene, at, 0.85 * size)
