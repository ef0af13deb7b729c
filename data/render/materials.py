"""Surfaces for Cycles: one configurable material and a few ready ones."""

import math

import bpy
import numpy as np
from colour import hexadecimal, linear

_RELIEF_DETAIL = 4  # octaves; below that, relief is lost between the pixels
_CLEAR = (0.96, 0.97, 0.97, 1)  # what clear glass lets through


class _Nodes:
    """A material's node tree, with the one texture mapping that all its patterns share."""

    def __init__(self, rng, stretch, angle):
        self.surface = bpy.data.materials.new("surface")
        self.surface.use_nodes = True
        self.tree = self.surface.node_tree
        self.shader = self.tree.nodes["Principled BSDF"]
        coordinates = self.new("ShaderNodeTexCoord")
        mapping = self.new("ShaderNodeMapping", Scale=stretch, Location=rng.uniform(0, 50, 3), Rotation=(0, 0, angle))
        self.link(coordinates.outputs["Object"], mapping.inputs["Vector"])
        self.position = mapping.outputs["Vector"]

    def new(self, kind, **inputs):
        node = self.tree.nodes.new(kind)
        for name, value in inputs.items():
            node.inputs[name.replace("_", " ")].default_value = value
        return node

    def link(self, output, socket):
        self.tree.links.new(output, socket)

    def texture(self, kind, scale, distortion=0, detail=4):
        """Output in about [0, 1] of a noise, voronoi or wave pattern with `scale` features per unit."""
        if kind == "voronoi":
            node = self.new("ShaderNodeTexVoronoi", Scale=scale)
        elif kind == "wave":
            node = self.new("ShaderNodeTexWave", Scale=scale, Distortion=distortion, Detail=3, Detail_Scale=1.5)
        elif kind == "noise":
            node = self.new("ShaderNodeTexNoise", Scale=scale, Distortion=distortion, Detail=detail)
        else:
            raise ValueError(f'texture must be "noise", "voronoi" or "wave", got {kind!r}')
        self.link(self.position, node.inputs["Vector"])
        return node.outputs["Distance" if kind == "voronoi" else 0]


def material(
    colour=None,
    roughness=0.5,
    subsurface=0,
    subsurface_radius=(1, 0.5, 0.3),
    subsurface_scale=0.05,
    coat=0,
    transmission=0,
    metallic=0,
    specular=0.5,
    sheen=0,
    refraction=1.45,
    bumps=(),
    variation=0,
    variation_scale=8,
    ramp=None,
    ramp_scale=3,
    ramp_texture="noise",
    stretch=(1, 1, 1),
    distortion=0,
    detail=4,
    angle=0,
    *,
    rng,
):
    """A surface; its colour is `colour` (sRGB), else `ramp` over a pattern, else the mesh's vertex colours.

    bumps: (scale, strength[, "noise" | "voronoi" | "wave"]) each, features per unit and 0 to 1.
    ramp: (position, colour) each, laid over a pattern of `ramp_scale` features per unit.
    variation: the colour is this much lighter or darker in patches, `variation_scale` of them per unit.
    stretch, angle: the patterns are scaled along the axes and turned about z; subsurface_scale is in units.
    """
    nodes = _Nodes(rng, stretch, angle)
    numbers = {
        "Roughness": roughness,
        "Metallic": metallic,
        "Coat Weight": coat,
        "Coat Roughness": 0.08,
        "Transmission Weight": transmission,
        "IOR": refraction,
        "Specular IOR Level": specular,
        "Sheen Weight": sheen,
    }
    for name, value in numbers.items():
        nodes.shader.inputs[name].default_value = value
    if subsurface:
        _subsurface(nodes, subsurface, subsurface_radius, subsurface_scale)
    source = _colour_source(nodes, colour, ramp, (ramp_texture, ramp_scale, distortion, detail))
    if variation:
        source = _varied(nodes, source, variation, variation_scale)
    nodes.link(source, nodes.shader.inputs["Base Color"])
    _bumps(nodes, bumps, distortion)
    return nodes.surface


def _subsurface(nodes, weight, radius, scale):
    """Light that enters, scatters and leaves elsewhere: what makes food look moist instead of painted."""
    nodes.shader.subsurface_method = "BURLEY"
    for name, value in (("Weight", weight), ("Radius", radius), ("Scale", scale)):
        nodes.shader.inputs[f"Subsurface {name}"].default_value = value


def _colour_source(nodes, colour, ramp, pattern):
    """The output that carries the surface's colour."""
    if ramp:
        node = nodes.new("ShaderNodeValToRGB")
        elements = node.color_ramp.elements
        while len(elements) < len(ramp):
            elements.new(0.5)
        for element, (position, shade) in zip(elements, ramp, strict=True):
            element.position = position
            element.color = (*linear(shade), 1)
        nodes.link(nodes.texture(*pattern), node.inputs[0])
        return node.outputs["Color"]
    if colour is None:
        node = nodes.new("ShaderNodeAttribute")
        node.attribute_name = "Col"
        return node.outputs["Color"]
    node = nodes.new("ShaderNodeRGB")
    node.outputs[0].default_value = (*linear(colour), 1)
    return node.outputs[0]


def _varied(nodes, source, amount, scale):
    """The colour `source`, lighter and darker in patches."""
    patches = nodes.texture("noise", scale, detail=_RELIEF_DETAIL)
    span = nodes.new("ShaderNodeMapRange", From_Min=0.3, From_Max=0.7, To_Min=1 - amount, To_Max=1 + amount)
    node = nodes.new("ShaderNodeHueSaturation")
    nodes.link(patches, span.inputs["Value"])
    nodes.link(span.outputs[0], node.inputs["Value"])
    nodes.link(source, node.inputs["Color"])
    return node.outputs["Color"]


def _bumps(nodes, bumps, distortion):
    """Small relief, one pattern on top of the other."""
    normal = None
    for scale, strength, *kind in bumps:
        node = nodes.new("ShaderNodeBump", Strength=strength, Distance=0.02)
        pattern = nodes.texture(kind[0] if kind else "noise", scale, distortion, _RELIEF_DETAIL)
        nodes.link(pattern, node.inputs["Height"])
        if normal:
            nodes.link(normal, node.inputs["Normal"])
        normal = node.outputs["Normal"]
    if normal:
        nodes.link(normal, nodes.shader.inputs["Normal"])


def wood(scene):
    """Light or dark wood with its grain in a random direction."""
    tone = scene.jitter(hexadecimal(scene.choice("b98a5a", "9a6a3d", "d9b98a", "6a4529")), 0.06)
    return scene.material(
        ramp=[(0.3, tone * 0.7), (0.55, tone), (0.8, np.clip(tone * 1.15, 0, 1))],
        stretch=(1, 0.12, 1),
        distortion=1.2,
        detail=8,
        angle=scene.uniform(0, math.pi),
        bumps=[(12, 0.1)],
    )


GLAZES = "f2f0eb f2f0eb f4f4f3 e9dfcc 2a2b2e 33536b 7d9a90 a6522f c9b58f d8dadd".split()


def ceramic(scene):
    """Glazed ware, mostly white; three in ten are speckled."""
    glaze = hexadecimal(scene.choice(*GLAZES))
    if scene.chance(0.3):
        return scene.material(
            ramp=[(0.38, scene.jitter(glaze, 0.03)), (0.62, scene.jitter(glaze, 0.05) * 0.82)],
            ramp_scale=scene.choice(6, 40, 70),
            roughness=scene.uniform(0.1, 0.5),
            detail=2,
            bumps=[(4, 0.06)],
        )
    grain = [(25, 0.1)] if scene.chance(0.3) else []
    return scene.material(
        colour=scene.jitter(glaze, 0.03),
        roughness=scene.uniform(0.08, 0.4),
        coat=scene.choice(0, 0.6),
        bumps=[(3, 0.04), *grain],
    )


def steel(scene):
    """Brushed steel."""
    return scene.material(colour=hexadecimal("e2e2e0"), roughness=scene.uniform(0.28, 0.42), metallic=0.9)


def clear_glass():
    """Thin clear glass: straight through, with reflections at grazing angles; name its object "glass..."."""
    surface = bpy.data.materials.new("clear glass")
    surface.use_nodes = True
    tree = surface.node_tree
    tree.nodes.remove(tree.nodes["Principled BSDF"])
    through = tree.nodes.new("ShaderNodeBsdfTransparent")
    through.inputs["Color"].default_value = _CLEAR
    mirror = tree.nodes.new("ShaderNodeBsdfGlossy")
    mirror.inputs["Roughness"].default_value = 0.03
    grazing = tree.nodes.new("ShaderNodeLayerWeight")
    grazing.inputs["Blend"].default_value = 0.25
    mixed = tree.nodes.new("ShaderNodeMixShader")
    tree.links.new(grazing.outputs["Fresnel"], mixed.inputs[0])
    tree.links.new(through.outputs[0], mixed.inputs[1])
    tree.links.new(mirror.outputs[0], mixed.inputs[2])
    tree.links.new(mixed.outputs[0], tree.nodes["Material Output"].inputs[0])
    return surface
