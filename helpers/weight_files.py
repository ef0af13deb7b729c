"""Files of pretrained weights: where they may already lie, and how they come into a network. Nothing is downloaded."""

import re
from pathlib import Path
from urllib.parse import urlparse

import torch
from safetensors.torch import load_file

from helpers.torchvision_import import torchvision


def cached(name):
    """The weights of a torchvision model that torch.hub has cached.

    returns: (path of the file, the entry of torchvision's weights enumeration that it belongs to)
    raises:  FileNotFoundError naming the two ways to get the weights
    """
    weights = torchvision.models.get_model_weights(name)
    folder = Path(torch.hub.get_dir()) / "checkpoints"
    entries = [weights.DEFAULT, *(entry for entry in weights if entry != weights.DEFAULT)]
    for entry in entries:
        path = folder / Path(urlparse(entry.url).path).name
        if path.is_file():
            return path, entry
    raise FileNotFoundError(
        f"no weights for {name!r} on this machine: save {weights.DEFAULT.url} in {folder}, "
        f'or pass its path: load_model("{name}", weights="...")'
    )


def load_into(network, path, name):
    """Copy the state dict saved at `path` into `network`; no code in the file is run.

    raises: FileNotFoundError; ValueError if the file is no state dict, or is that of another network
    """
    load_state(network, read(path), path, name)


def load_state(network, state, path, name):
    """Copy a state dict that `read` returned for `path` into `network`; ValueError if it is that of another network."""
    # old DenseNet files say norm.1 where the module now says norm1
    state = {re.sub(r"(denselayer\d+\.(?:norm|conv))\.([12])\.", r"\1\2.", key): state[key] for key in state}
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        reasons = [line.strip() for line in str(error).splitlines()[1:2]]
        raise ValueError(f"{path} does not hold weights of {name!r}: {' '.join(reasons)[:160]}") from None


def read(path):
    """The state dict saved at `path`, a dictionary from name to tensor on the CPU; no code in the file is run.

    path:   a .safetensors file, or one that torch.save wrote: a state dict, or a checkpoint with a "model_state_dict"
    raises: FileNotFoundError; ValueError if the file holds anything else
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"no file of weights at {path}")
    load, kind = (load_file, "safetensors") if path.suffix == ".safetensors" else (_load_pickled, "torch.save")
    try:
        state = load(path)
    except Exception as error:  # arbitrary bytes make either reader raise almost anything
        why = str(error).partition("\n")[0][:120]
        raise ValueError(f"{path} is not a file of weights saved by {kind}: {why}") from None
    if isinstance(state, dict) and isinstance(state.get("model_state_dict"), dict):
        state = state["model_state_dict"]
    if not isinstance(state, dict) or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise ValueError(f"{path} holds {type(state).__name__}, not a state dict; save model.state_dict()")
    return state


def _load_pickled(path):
    return torch.load(path, map_location="cpu", weights_only=True)
