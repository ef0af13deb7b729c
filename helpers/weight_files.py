"""Files of pretrained weights: where they may already lie, and how they come into a network. Nothing is downloaded."""

import re
from pathlib import Path
from urllib.parse import urlparse

import torch

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
    state = _read(path)
    # old DenseNet files say norm.1 where the module now says norm1
    state = {re.sub(r"(denselayer\d+\.(?:norm|conv))\.([12])\.", r"\1\2.", key): state[key] for key in state}
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        reasons = [line.strip() for line in str(error).splitlines()[1:2]]
        raise ValueError(f"{path} does not hold weights of {name!r}: {' '.join(reasons)[:160]}") from None


def _read(path):
    if not Path(path).is_file():
        raise FileNotFoundError(f"no file of weights at {path}")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # arbitrary bytes make the unpickler raise almost anything
        why = str(error).partition("\n")[0][:120]
        raise ValueError(f"{path} is not a file of weights saved by torch.save: {why}") from None
    if not isinstance(state, dict) or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise ValueError(f"{path} holds {type(state).__name__}, not a state dict; save model.state_dict()")
    return state
