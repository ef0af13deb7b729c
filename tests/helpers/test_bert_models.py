import hashlib
import json
import shutil
import socket

import pytest
import torch

from helpers import bert, bert_models, weight_files

WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] . ? a the cat dog sat on mat where is who ##s ##ting".split()


@pytest.fixture(scope="module")
def hub_format(tmp_path_factory):
    """A folder with two tiny models as the hub has them, `words` and `questions`."""
    from transformers import BertConfig, BertForMaskedLM, BertForQuestionAnswering, BertTokenizer

    shape = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 32}
    config = BertConfig(vocab_size=len(WORDS), max_position_embeddings=40, **shape)
    tokenizer = BertTokenizer(vocab={word: number for number, word in enumerate(WORDS)})
    folder = tmp_path_factory.mktemp("hub_format")
    with torch.random.fork_rng(), bert_models._silence():
        torch.manual_seed(0)
        for task, kind in {"words": BertForMaskedLM, "questions": BertForQuestionAnswering}.items():
            kind(config).save_pretrained(folder / task)
            tokenizer.save_pretrained(folder / task)
    return folder


@pytest.fixture
def connections(monkeypatch):
    """What was tried to reach over the network; nothing is."""
    tried = []

    def refuse(*address, **options):
        tried.append(address)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    return tried


@pytest.fixture
def hub_cache(monkeypatch, tmp_path):
    """An empty cache of the hub."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "AGENT_HARNESSES_PATH", str(tmp_path / "none.json"))
    monkeypatch.setattr("huggingface_hub.utils._detect_agent._registry", None)
    return tmp_path


def test_our_own_is_all_minilm_s_embeddings_with_our_layers_and_heads():
    own = weight_files.read(bert_models.READER)
    embeddings = weight_files.read(bert.minilm_folder() / "model.safetensors")
    expected = {f"bert.{name}": value for name, value in embeddings.items() if name.startswith("embeddings.")}
    expected |= {name: value.float() for name, value in own.items()}
    for task in ("words", "questions"):
        state = bert.load_model(task=task, device="cpu").network.state_dict()
        for name, value in state.items():
            name = {"cls.predictions.decoder.bias": "cls.predictions.bias"}.get(name, name)
            name = name.replace("cls.predictions.decoder", "bert.embeddings.word_embeddings")
            assert name.startswith("bert.embeddings.position_ids") or torch.equal(value, expected[name]), name


def test_plain_classes_of_transformers_read_the_same():
    from transformers import BertConfig, BertForMaskedLM

    model = bert.load_model(device="cpu")
    plain = BertForMaskedLM(BertConfig.from_pretrained(bert.minilm_folder())).eval()  # another attention implementation
    plain.load_state_dict(model.network.state_dict())
    encoding = bert.encode(model, "A plain one gives the same.")
    with torch.no_grad():
        logits = plain(encoding.ids[None]).logits[0]
    torch.testing.assert_close(bert.read(model, encoding).logits, logits, atol=1e-4, rtol=1e-4)


def test_the_report_is_that_of_the_weights_and_they_answer_well():
    report = json.loads(bert_models.READER.with_suffix(".json").read_text(encoding="utf-8"))
    assert report["sha256"] == hashlib.sha256(bert_models.READER.read_bytes()).hexdigest()
    assert report["f1"] >= 0.7
    assert {"exact_match", "deductions", "word_first", "word_in_five"} < set(report)


@pytest.mark.parametrize("name", [None, "all-MiniLM-L6-v2"])
def test_a_model_comes_frozen_in_evaluation_mode_on_its_device(name):
    model = bert.load_model(name, task=None, device="cpu")
    assert not any(module.training for module in model.network.modules())
    assert not any(parameter.requires_grad for parameter in model.network.parameters())
    assert (model.device, model.layers, model.heads, model.longest) == (torch.device("cpu"), 6, 12, 512)


def test_loading_draws_no_random_numbers():
    before = torch.get_rng_state()
    bert.load_model(device="cpu")
    assert torch.equal(torch.get_rng_state(), before)


def test_loading_is_silent_and_leaves_transformers_as_talkative_as_it_was(capfd, hub_format):
    from transformers.utils import logging

    before = logging.get_verbosity(), logging.is_progress_bar_enabled()
    bert.load_model(task=None, device="cpu")
    bert.load_model(hub_format / "questions", task=None, device="cpu")
    assert capfd.readouterr() == ("", "")
    assert (logging.get_verbosity(), logging.is_progress_bar_enabled()) == before


def test_all_minilm_is_the_untouched_sentence_encoder():
    model = bert.load_model("all-MiniLM-L6-v2", device="cpu")
    weights = weight_files.read(bert.minilm_folder() / "model.safetensors")
    state = model.network.state_dict()
    assert all(torch.equal(state[name], weights[name]) for name in state)
    assert bert.read(model, bert.encode(model, "no head")).logits is None


@pytest.mark.parametrize("task", ["answers", "", "Words", 1])
def test_an_unknown_task_is_refused(task):
    with pytest.raises(ValueError, match=r"task must be one of 'words', 'questions', None, got"):
        bert.load_model(task=task)


def test_a_model_in_the_hub_s_format_guesses_words(hub_format):
    model = bert.load_model(hub_format / "words", device="cpu")
    hidden = bert.hide(model, bert.encode(model, "The cat sat on the mats."), 5)
    assert hidden.tokens == ("[CLS]", "the", "cat", "sat", "on", "the", "[MASK]", "[MASK]", ".", "[SEP]")
    output = bert.read(model, hidden)
    assert (output.hidden_states.shape, output.attentions.shape) == ((3, 10, 16), (2, 4, 10, 10))
    assert {guess.word for guess in bert.guesses(model, output, 6, count=len(WORDS))} == set(WORDS)


def test_a_model_in_the_hub_s_format_answers_questions(hub_format):
    model = bert.load_model(str(hub_format / "questions"), task="questions", device="cpu")
    found = bert.answer(model, "Where is the cat?", "A dog sat. The cat is on the mat.")
    assert found.text in "A dog sat. The cat is on the mat."
    assert 0 < found.probability <= 1
    with pytest.raises(ValueError, match=r"has 41 tokens, .*questions takes 40; shorten it"):
        bert.encode(model, "cat " * 39)


def test_eager_attention_gives_attentions_of_every_kind_of_model(hub_format):
    for task, folder in (("words", "words"), ("questions", "questions"), (None, "words")):
        model = bert.load_model(hub_format / folder, task=task, device="cpu")
        attentions = bert.read(model, bert.encode(model, "A cat.")).attentions
        torch.testing.assert_close(attentions.sum(dim=-1), torch.ones(2, 4, 5))


def test_a_cached_model_is_found_by_name_without_the_network(hub_format, hub_cache, connections):
    place, revision = hub_cache / "models--nobody--tiny", 40 * "a"
    shutil.copytree(hub_format / "words", place / "snapshots" / revision)
    (place / "refs").mkdir()
    (place / "refs" / "main").write_text(revision)
    model = bert.load_model("nobody/tiny", device="cpu")
    assert model.name == "nobody/tiny"
    state = bert.load_model(hub_format / "words", device="cpu").network.state_dict()
    assert all(torch.equal(value, state[name]) for name, value in model.network.state_dict().items())
    assert connections == []


@pytest.mark.usefixtures("hub_cache")
@pytest.mark.parametrize("name", ["bert-base-uncased", "nobody/none", "/no/such/folder"])
def test_a_model_that_is_not_here_names_both_ways_and_is_not_fetched(connections, name):
    with pytest.raises(FileNotFoundError, match=rf"no model '{name}' on this machine: pass the folder.*download=True"):
        bert.load_model(name)
    assert connections == []


def test_what_the_environment_names_is_the_default(monkeypatch, hub_format):
    monkeypatch.setenv("HOMEWORK_BERT", str(hub_format / "words"))
    assert bert.load_model(device="cpu").layers == 2
    assert bert.load_model("all-MiniLM-L6-v2", device="cpu").layers == 6


@pytest.mark.parametrize(("folder", "task"), [("words", "questions"), ("questions", "words")])
def test_a_head_that_nobody_trained_is_refused(hub_format, folder, task):
    with pytest.raises(ValueError, match=f"has no trained head for {task} .*missing"):
        bert.load_model(hub_format / folder, task=task)


@pytest.fixture
def broken(hub_format, tmp_path):
    shutil.copytree(hub_format / "words", tmp_path / "broken")
    return tmp_path / "broken"


@pytest.mark.parametrize(
    ("file", "size", "error", "message"),
    [
        ("tokenizer.json", None, FileNotFoundError, "no tokenizer with the model"),
        ("config.json", None, ValueError, "not in the hub's format"),
        ("config.json", 1, FileNotFoundError, "not a valid JSON file"),
        ("model.safetensors", None, FileNotFoundError, "Error no file named model.safetensors"),
        ("model.safetensors", 1000, ValueError, "not in the hub's format"),
        ("tokenizer.json", 100, ValueError, "not in the hub's format"),
    ],
)
def test_a_folder_with_a_file_missing_or_cut_gives_one_line(broken, file, size, error, message):
    data = (broken / file).read_bytes()
    (broken / file).unlink()
    if size:
        (broken / file).write_bytes(data[:size])
    with pytest.raises(error, match=message) as raised:
        bert.load_model(broken)
    assert "\n" not in str(raised.value)
