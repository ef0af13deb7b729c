# %% [markdown]
# # Between question and answer
#
# A BERT that answers questions reads question and text together, and turns every token into a vector, its *hidden
# state*, layer after layer. At the end two numbers per token are read off: how well the answer begins here, how well
# it ends here. What happens in between? We lay the tokens of each layer out on a plane and look who moves towards whom.
#
# 1. **Three questions:** a date, a reason, a small deduction. You find the answer in the model's numbers.
# 2. **For the right reason?** We ask otherwise, and change the text.
# 3. **Two dimensions of 384:** principal components, which you write.
# 4. **Layer by layer:** the pictures.
# 5. **Numbers beside the eye,** and the same model before it learned to answer.

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds the course's `helpers`

import torch

from helpers import bert, embedding_numbers, embedding_plots, handin
from helpers.embedding_layers import stage_numbers
from helpers.layer_explorer import explore_layers
from helpers.passages import load_passages, read_passage

# %% [markdown]
# ## 1. Three questions
#
# The model is our small BERT (six layers, 384 dimensions), trained for questions whose answer is a piece of the text.
# Another BERT for this task goes by its name, such as `bert.load_model("csarron/bert-base-uncased-squad-v1",
# task="questions", download=True)`, to look at; hand in with ours.

# %%
hw = handin.notebook("09_embedding_layers")
model = bert.load_model(task="questions")
texts = load_passages()
for name, text in texts.items():
    print(f"{name}: {text.context}\n")

# %%
readings = {name: read_passage(model, text) for name, text in texts.items()}
embedding_numbers.print_readings(readings, {name: text.answer for name, text in texts.items()})

# %% [markdown]
# How does it come to these answers? The model gives every token two logits, one for being the answer's *first* token
# and one for being its *last* (Devlin et al. 2019, sec. 4.2). The score of a span is the sum of both: the start logit
# of its first token plus the end logit of its last. Complete `best_span`: the span with the highest score among those
# that end no earlier than they begin, have at most `longest` tokens, and lie in the text (not in the question).


# %% key="best_span"
def best_span(start_logits, end_logits, in_text, longest=30):
    """(first, last) token of the best span; start_logits, end_logits: (tokens,), in_text: (tokens,) boolean."""
    span = None
    # BEGIN SOLUTION
    scores = start_logits[:, None] + end_logits[None, :]  # (tokens, tokens), [first, last]
    allowed = (in_text[:, None] & in_text[None, :]).triu().tril(longest - 1)
    best = scores.masked_fill(~allowed, -torch.inf).argmax().item()
    span = divmod(best, len(scores))  # the flattened matrix is counted row by row
    # END SOLUTION
    return span


# %%
spans = {}
for name, reading in readings.items():
    in_text = torch.tensor([part == 1 for part in reading.encoding.parts])
    spans[name] = best_span(*reading.output.logits.unbind(dim=1), in_text)
hw.record("spans", list(spans.values()))
embedding_numbers.show_ends(readings, spans)

# %% [markdown]
# Each token's probability to be the first (blue) and the last (orange) of the answer. What little there is elsewhere is
# the model's second thought, and of the same kind: another place for a place, another reason for a reason. The
# probability $p$ in the table above compares all spans *of this text*. It does not know whether the text answers the
# question at all.

# %% [markdown]
# ## 2. For the right reason?
#
# One right answer proves little. A model may take any date, or whatever stands last. So we ask for something else in
# the same text, or exchange two expressions *in the text* and ask the same again. A model that has understood must
# follow.
#
# The deduction goes further: where is the *key*, which takes two steps, also with the sentences in another order? And
# the last two rows ask about a text of rules, as in bAbI's task 15 (Weston et al. 2015): *Millers are afraid of rats.
# Bakers are afraid of fire. Helen is a baker. Peter is a miller.*

# %%
varied = {name: embedding_numbers.vary(model, text) for name, text in texts.items()}
for name in texts:
    print(f"\n{name}")
    embedding_numbers.print_variations(varied[name])

# %% [markdown]
# And what does it say to a question that the text does *not* answer? The tower of granite still stands.

# %%
bert.answer(model, "When did the sea take the granite tower away?", texts["date"].context)

# %% [markdown]
# **What we observed.** Asked for something else, the model names another date, reason or place; where two are exchanged
# in the text, its answer goes with them. As far as such tests can tell, the three answers are right for the right
# reason. But understanding ends soon. Where two steps are needed, it guesses: what it says of the key depends on the
# order of the sentences. Rules it cannot apply: Helen and Peter are said to fear the same, so the "yes" is chance. And
# it dates what never happened to the granite tower about as surely as what happened to the wooden one. It finds the
# sentence that speaks the question's words; in training, every question had an answer.

# %% [markdown]
# ## 3. Two dimensions of 384
#
# To look at vectors of 384 numbers, we need a plane. **Principal components** (Pearson 1901) choose the one on which
# the points spread most. Subtract the mean of all tokens; then the right singular vectors of what is left,
# $H - \bar H = U S V^\top$, are the directions of largest variance, in this order. The coordinates of the tokens are
# their products with the first two.
#
# A direction is as good as its opposite, so the sign is a convention. Ours (scikit-learn has the same): of each of the
# two directions, the entry with the largest absolute value is positive. Complete `project`.


# %% key="project"
def project(hidden_states):
    """Coordinates (tokens, 2) of one layer's hidden states (tokens, dim): their first two principal components."""
    coordinates = None
    # BEGIN SOLUTION
    centred = hidden_states - hidden_states.mean(dim=0)
    _, _, directions = torch.linalg.svd(centred, full_matrices=False)
    directions = directions[:2]  # (2, dim), the rows of V transposed
    largest = directions.gather(1, directions.abs().argmax(dim=1, keepdim=True))  # (2, 1)
    coordinates = centred @ (directions * largest.sign()).T
    # END SOLUTION
    return coordinates


# %%
reduced = {name: [project(layer) for layer in reading.output.hidden_states] for name, reading in readings.items()}
for name, coordinates in reduced.items():
    hw.record(f"reduced_{name}", coordinates)

# %% [markdown]
# Every layer is projected on its own. So an axis means something else in each picture, and only who is near to whom
# can be compared. And a plane is not the space: points that are near in the picture may be far apart in the other 382
# dimensions. Above each picture stands how much of the variance it shows.

# %% [markdown]
# ## 4. Layer by layer
#
# In models that answer questions, van Aken, Winter, Löser & Gers (2019) saw four stages, which we list in the order of
# the alphabet:
#
# - **answer**: the tokens of the answer part from everything else;
# - **meaning**: tokens lie together because they mean something alike, all dates, all names, wherever they stand;
# - **question**: tokens of the question meet those of the text that matter for it;
# - **relations**: tokens gather by what this text says, a thing with what is said about it.
#
# In which order do they come here? Look before you read on. Layer 0 are the embeddings: the words alone, and their
# positions.

# %%
embedding_plots.show_layers(readings["date"], reduced["date"], texts["date"].key)

# %%
embedding_plots.show_layers(readings["prose"], reduced["prose"], texts["prose"].key)

# %%
embedding_plots.show_layers(readings["deduction"], reduced["deduction"], texts["deduction"].key)

# %% [markdown]
# One layer at a time, with all words: slide through the layers, change the passage, or ask a question of your own
# (then the model's own answer has the stars). In a saved notebook only one picture is left; run the cell to have the
# slider.

# %%
explore_layers(model, texts, project, name="date", layer=4)

# %% [markdown]
# **What we observed.** Up to layer 2 tokens lie by what they *are*: *tower* by *tower*, months by months, small words
# such as *the* among themselves. In layer 3 all three dates have gathered, whatever happened then, and of the
# question's words *When* is the nearest to them. In layers 3 and 4 things lie with what is said of them, *Thorne* with
# *engineer* and *granite*. From layer 5 on, the question's words crowd together on one side, as if their work were
# done, and the answer goes to the other. In layer 6 it has left the other dates and places behind, though they are
# still among the nearest to it.

# %% [markdown]
# Look at layer 6 again: the first and the last token of the answer lie apart too, and the other dates and places are
# drawn out the same way. What are these two axes? The logits of start and end are linear functions of the last hidden
# states. How much of them can one read off two coordinates? (1 is everything, the R² of the best linear map.)

# %%
embedding_numbers.print_shares_of_logits(readings, reduced)

# %% [markdown]
# What the last layer shows is the answer itself: nearly all that the two logits say. One direction is *answer or not*,
# the other *begin or end*. That is why the share of the variance above the pictures has grown so much: where thousands
# of things were told apart, two are left.

# %% [markdown] question="Q25"

# %% [markdown]
# ## 5. Numbers beside the eye
#
# The eye finds patterns in anything, so here are four numbers for each layer, all computed in 384 dimensions:
#
# 1. Of the words that occur more than once: how many have the *same word* as their nearest neighbour?
# 2. Cosine similarity of tokens *of one sentence*, less that of tokens of different ones.
# 3. Ask another question of as many tokens. How much do the hidden states of the needed sentences turn (one minus
#    cosine)? In the embeddings not at all: what is asked has to come to them.
# 4. How far is the middle of the *answer* from that of the text's other tokens, in units of their spread?
#
# The dashed lines are all-MiniLM-L6-v2, the encoder that our model was before it learned to answer.

# %%
twins = {name: read_passage(model, text, text.twin) for name, text in texts.items()}
numbers = {name: stage_numbers(readings[name], twins[name]) for name in texts}
untaught = bert.load_model("all-MiniLM-L6-v2", task=None)
before = {name: stage_numbers(readings[name].by(untaught), twins[name].by(untaught)) for name in texts}
embedding_numbers.show_numbers(numbers, before)

# %% [markdown]
# **What we observed.** The order is *meaning, relations, question, answer*, but the stages overlap. Equal words are
# nearest neighbours up to layer 2, and not all of them after that. Sentences stand out most in layer 4. The question
# reaches the text between layers 2 and 4, and then the answer begins to part from the rest, farthest in the last layer.
# Before it learned to answer, the encoder had the first stage and something of the second. Its last layers compute one
# vector for a whole sentence; the question hardly touches the text there, and the answer is a word like any other.

# %% [markdown] question="Q26"

# %% [markdown] question="Q27"

# %% [markdown]
# ## Hand in
#
# The last cell looks at the *form* of your answers: whether something is missing or has a wrong shape. It does not
# know what is right. Save the notebook afterwards and hand in the file.

# %%
hw.check()
