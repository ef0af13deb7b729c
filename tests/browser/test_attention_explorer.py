"""The attention explorer in a real JupyterLab: what the browser shows is what the model computes."""

from urllib.parse import urlparse

import nbformat
import pytest
import torch
from playwright.sync_api import expect

from helpers import bert

MINUTE = 60_000  # milliseconds
WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] the cat sat on a mat ##s and big dog river .".split()
TEXT = "The cats sat on a big mat."
CELLS = """import sys
sys.path.insert(0, "..")
from helpers import attention_explorer, bert
----
attention_explorer.explore(bert.load_model("../tiny_bert", device="cpu"), "The cats sat on a big mat.")"""
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
ERRORS = "[data-mime-type$='error'], [data-mime-type$='stderr']"


@pytest.fixture(scope="module")
def model(lab):
    """A BERT with random weights, saved where the notebook finds it."""
    from transformers import BertConfig, BertForMaskedLM, BertTokenizer

    shape = {"num_hidden_layers": 3, "num_attention_heads": 4, "hidden_size": 48, "intermediate_size": 32}
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = BertForMaskedLM(BertConfig(vocab_size=len(WORDS), **shape, initializer_range=0.4))
    network.save_pretrained(lab.folder / "tiny_bert")
    BertTokenizer(vocab={word: number for number, word in enumerate(WORDS)}).save_pretrained(lab.folder / "tiny_bert")
    return bert.load_model(lab.folder / "tiny_bert", device="cpu")


@pytest.fixture(scope="module")
def opened(lab, browser, model):
    """The page with the explorer, which notes in `page.seen` what was requested and what went wrong."""
    cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS.split("----\n")]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
    nbformat.write(notebook, lab.folder / "notebooks" / "explorer.ipynb")
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.seen = {"requests": [], "errors": []}
    page.on("request", lambda request: page.seen["requests"].append(request.url))
    page.on("pageerror", lambda error: page.seen["errors"].append(str(error)))
    lab.run(page, "explorer")
    expect(page.locator(".ax[data-ready]")).to_be_visible(timeout=2 * MINUTE)
    yield page
    page.close()


@pytest.fixture
def page(opened):
    """The page with the explorer as it was in the beginning."""
    opened.locator(".ax-texts input").fill(TEXT)
    opened.locator(".ax-texts input").press("Enter")
    opened.get_by_role("button", name="All", exact=True).click()
    opened.get_by_role("button", name="Lines").click()
    if opened.locator(".ax").get_attribute("data-hidden") != "-1":
        opened.get_by_role("button", name="Show the word again").click()
    opened.get_by_role("slider", name="Layer").fill("1")
    expect(opened.locator(".ax[data-hidden='-1'][data-layer='1'][data-heads='1,2,3,4'][data-ready]")).to_be_visible()
    return opened


def tokens(page, side="left"):
    return page.locator(f"[data-side='{side}'] > .ax-token")


def shown_percentages(page, side="right"):
    """Numbers beside the tokens of one column, once they are there."""
    page.wait_for_function(f"document.querySelector(\"[data-side='{side}'] > .ax-token[data-percent]\")")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return [float(text) for text in tokens(page, side).evaluate_all("all => all.map(one => one.dataset.percent)")]


def percentages(weights):
    """What the browser should show of (heads, tokens) weights: the mean over heads, in percent, to one digit."""
    return pytest.approx((100 * weights.mean(dim=0)).tolist(), abs=0.1)


def attention(model, hidden=None):
    encoding = bert.encode(model, TEXT)
    return bert.read(model, encoding if hidden is None else bert.hide(model, encoding, hidden)).attentions


def test_the_widget_takes_the_place_of_its_picture(page):
    outputs = page.locator(".jp-Notebook .jp-OutputArea-output")
    expect(outputs.locator("img")).to_have_count(1)
    expect(outputs.locator("img")).to_be_hidden()
    assert page.locator(ERRORS).all_inner_texts() == []


def test_the_tokens_are_those_of_the_model(page, model):
    for side in ("left", "right"):
        assert tokens(page, side).locator(".ax-word").all_inner_texts() == list(bert.encode(model, TEXT).tokens)


def test_the_slider_chooses_the_layer(page, model):
    page.get_by_role("slider", name="Layer").focus()
    for layer in (1, 2, 3):
        expect(page.locator(".ax")).to_have_attribute("data-layer", f"{layer}")
        tokens(page).nth(3).hover()
        assert shown_percentages(page) == percentages(attention(model)[layer - 1, :, 3])
        page.keyboard.press("ArrowRight")


def test_a_token_on_the_right_shows_who_looks_at_it(page, model):
    tokens(page, "right").nth(4).hover()
    assert shown_percentages(page, "left") == percentages(attention(model)[0, :, :, 4])


def test_a_click_on_a_head_shows_it_alone_and_another_returns(page, model):
    head = page.get_by_role("button", name="Head 3")
    head.click()
    expect(page.locator(".ax")).to_have_attribute("data-heads", "3")
    expect(page.get_by_role("button", name="Head 2")).to_have_attribute("aria-pressed", "false")
    tokens(page).nth(2).hover()
    assert shown_percentages(page) == percentages(attention(model)[0, [2], 2])
    head.click()
    expect(page.locator(".ax")).to_have_attribute("data-heads", "1,2,3,4")


def test_heads_are_gathered_with_a_modifier_or_the_check_box_down_to_none(page, model):
    page.get_by_role("button", name="Head 1").click(modifiers=["Shift"])
    page.get_by_label("choose several").check()
    page.get_by_role("button", name="Head 4").click()
    expect(page.locator(".ax")).to_have_attribute("data-heads", "2,3")
    tokens(page).nth(2).hover()
    assert shown_percentages(page) == percentages(attention(model)[0, 1:3, 2])
    page.get_by_label("choose several").uncheck()
    page.get_by_role("button", name="None").click()
    expect(page.get_by_role("status").filter(has_text="No head is chosen")).to_be_visible()


def test_a_double_click_hides_a_word_and_the_prediction_follows(page, model):
    for word, place in ((2, 4), (5, 7)):
        tokens(page).nth(place).dblclick()
        expect(page.locator(f".ax[data-hidden='{word}'] .ax-guess").first).to_be_visible()
        output = bert.read(model, bert.hide(model, bert.encode(model, TEXT), word))
        own = bert.rated(model, output, place, bert.encode(model, TEXT).ids[place])
        best = bert.guesses(model, output, place)
        assert rows(page) == [
            (guess.rank, guess.word, percent(guess)) for guess in {g.rank: g for g in [*best, own]}.values()
        ]


def rows(page):
    """What the panel reads, line by line: rank, word, probability."""
    read = "all => all.map(one => [...one.children].slice(0, 3).map(part => part.textContent))"
    return [(int(rank), word, share) for rank, word, share in page.locator(".ax-guess").evaluate_all(read)]


def percent(guess):
    return f"{100 * guess.probability:.1f} %" if guess.probability >= 0.0005 else "<0.1 %"


@pytest.mark.parametrize("view", ["Lines", "Shading"])
def test_the_change_that_hiding_makes(page, model, view):
    tokens(page).nth(4).dblclick()
    page.get_by_role("button", name="Show the change").click()
    page.get_by_role("button", name=view).click()
    expect(page.locator(".ax[data-change='true']")).to_be_visible()
    tokens(page).nth(6).hover()
    change = attention(model, hidden=2)[0, :, 6] - attention(model)[0, :, 6]
    assert change.abs().max() > 0.02
    assert shown_percentages(page) == percentages(change)


def test_a_click_shows_the_word_again(page):
    tokens(page).nth(4).dblclick()
    expect(tokens(page).nth(4)).to_have_text("[MASK]")
    page.wait_for_timeout(600)  # or this click and the two before would be one gesture
    tokens(page).nth(4).click()
    expect(tokens(page).nth(4).locator(".ax-word")).to_have_text("sat")
    expect(page.locator(".ax-guess")).to_have_count(0)


def test_everything_by_keyboard(page, model):
    tokens(page).nth(0).focus()
    for key in (
        "End",
        "ArrowUp",
        "ArrowUp",
        "ArrowRight",
        "ArrowLeft",
        "m",
    ):  # JupyterLab has commands for m and arrows
        page.keyboard.press(key)
    place = len(bert.encode(model, TEXT).tokens) - 3
    expect(tokens(page).nth(place)).to_have_text("[MASK]")
    expect(tokens(page).nth(place)).to_be_focused()
    assert shown_percentages(page) == percentages(attention(model, hidden=6)[0, :, place])
    page.keyboard.press("Enter")
    expect(tokens(page).nth(place).locator(".ax-word")).to_have_text("mat")
    expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(2)


def test_a_sentence_of_one_s_own_and_one_that_cannot_be_read(page, model):
    field = page.get_by_label("Your sentence")
    field.fill("A dog and a river")
    field.press("Enter")
    expect(tokens(page)).to_have_count(7)
    field.fill(" ")
    page.get_by_role("button", name="Read").click()
    expect(page.get_by_role("alert").filter(has_text="at least one word")).to_be_visible()
    assert tokens(page).locator(".ax-word").all_inner_texts() == list(bert.encode(model, "a dog and a river").tokens)
    field.fill("A dog and a river")
    field.press("Enter")
    expect(page.locator(".ax-problem")).to_be_hidden()
    expect(page.locator(".ax")).not_to_have_attribute("aria-busy", "true")


def test_lines_are_drawn_and_shading_draws_none(page):
    dark = "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(value => value)"
    page.get_by_role("button", name="Shading").click()
    page.wait_for_function(f"!({dark})(document.querySelector('.ax canvas'))")
    page.get_by_role("button", name="Lines").click()
    page.wait_for_function(f"({dark})(document.querySelector('.ax canvas'))")


def test_nothing_was_asked_of_any_other_machine_and_nothing_failed(page):
    hosts = {urlparse(url).hostname for url in page.seen["requests"] if not url.startswith(("data:", "blob:"))}
    assert hosts <= {"localhost", "127.0.0.1"}
    assert page.seen["errors"] == []
