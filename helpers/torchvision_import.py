"""`from helpers.torchvision_import import torchvision` works beside every build of torch.

The torchvision wheel on the package index is compiled for CUDA. Beside a torch without CUDA its compiled operators
do not load, and the import stops because it describes operators that nobody declared. We never call them (they
filter bounding boxes), so declaring their names is enough. Where the plain import works, as it does on CUDA builds
and on matching CPU builds, nothing is changed.
"""

import functools
import importlib
import sys

import torch

OPERATORS = ("nms", "qnms")
SIGNATURE = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"


@functools.cache  # torch forgets the declarations when this object dies, so the cache keeps it
def _declarations():
    return torch.library.Library("torchvision", "FRAGMENT")


def _forget_partial_import():
    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[name]


def _declare_operators():
    for operator in OPERATORS:
        if not hasattr(torch.ops.torchvision, operator):
            _declarations().define(operator + SIGNATURE)


def import_torchvision():
    """Import torchvision, declaring its missing compiled operators only if the import fails for want of them.

    returns: the module torchvision
    raises:  ImportError if torchvision is not installed; RuntimeError if its import fails for any other reason
    """
    try:
        return importlib.import_module("torchvision")
    except RuntimeError as error:
        if "operator torchvision::" not in str(error):
            raise
    _forget_partial_import()
    _declare_operators()
    return importlib.import_module("torchvision")


torchvision = import_torchvision()
