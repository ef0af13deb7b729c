# %% [markdown]
# # Attention you can touch
#
# BERT (Devlin et al. 2019) reads a sentence in layers. In each layer every token looks at the others and takes
# something from them, and how much it takes from whom is written down in numbers that add up to one. Nothing in a
# network looks more like an explanation. This notebook shows those numbers, lets you play with them, and ends with the
# question whether they explain anything.
#
# 1. **Attention**, computed by you.
# 2. **The explorer:** change the sentence, the layer, the head; hide a word.
# 3. **Patterns:** what the heads look at, as a score for each.
# 4. **Masked words:** what the model expects where a word is hidden, and what hiding changes.
# 5. **Is attention an explanation?**

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds the course's `helpers`

import torch

from helpers import attention_explorer, attention_patterns, attention_plots, bert, handin, masked_words

# %%
hw = handin.notebook("08_attention")
model = bert.load_model()  # hand in with this one
sentence = attention_patterns.SENTENCE
encoding = bert.encode(model, sentence)
output = bert.read(model, encoding)
print(f"{model.name}: {model.layers} layers with {model.heads} heads each")
print(*encoding.tokens)

# %% [markdown]
# This is a small BERT of 6 layers that works without internet: the encoder of all-MiniLM-L6-v2, which we trained
# further to guess masked words and to answer questions. Any other BERT runs in the same notebook, for example
# `bert.load_model("bert-base-uncased", download=True)`, or one in a folder of yours; what you hand in, and what the
# text says about the figures, belongs to the small one.
#
# A **token** is a word or a piece of one. The tokenizer puts `[CLS]` before the sentence and `[SEP]` after it.
#
# ## 1. Attention
#
# Every head makes three vectors of each token's hidden state: a **query** $q$, a **key** $k$ and a **value** $v$. Token
# $i$ compares its query with the keys of all tokens, and takes from their values by shares (Vaswani et al. 2017):
#
# $$ A_{ij} = \frac{\exp(q_i \cdot k_j / \sqrt{d})}{\sum_{j'} \exp(q_i \cdot k_{j'} / \sqrt{d})},
# \qquad \text{new}_i = \sum_j A_{ij}\, v_j , $$
#
# where $d$ is the number of dimensions of one query. `queries` and `keys` hold those of all heads, as
# (layers, heads, tokens, $d$). Complete `attention_weights`; it may treat all heads at once: `keys.transpose(-1, -2)`
# exchanges the last two dimensions, and `@` multiplies matrices over them.

# %%
queries, keys = attention_patterns.queries_and_keys(model, encoding)
print("queries and keys:", tuple(queries.shape))


# %% key="attention_weights"
def attention_weights(queries, keys):
    """Attention (..., tokens, tokens) of queries and keys (..., tokens, d); each row sums to one."""
    weights = None
    # BEGIN SOLUTION
    scores = queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5
    weights = scores.softmax(dim=-1)
    # END SOLUTION
    return weights


# %%
weights = attention_weights(queries, keys)
hw.record("attention", weights)
if weights is not None:
    print(f"largest difference from what the model computes: {(weights - output.attentions).abs().max():.1e}")

# %% [markdown]
# Rows look, columns are looked at. Every row adds up to one. Layers and heads are counted from 1, and layer 0 are the
# embeddings, with which the first layer begins. Try other heads.

# %%
layer, head = 1, 3
shown = None if weights is None else weights[layer - 1, head - 1]
attention_plots.show_attention(shown, encoding, f"layer {layer}, head {head}")

# %% [markdown]
# What is $\sqrt d$ for? If queries and keys had independent entries of variance one, their dot product would have the
# variance $d$. Here are the largest weight of a row, and the attention that `[CLS]` receives from all tokens together,
# each a mean over all heads, with the division and without it:

# %%
largest, received = {}, {}
if weights is not None:
    for name, scale in {"divided": 1, "not divided": queries.shape[-1] ** 0.5}.items():
        attention = attention_weights(scale * queries, keys)
        largest[name], received[name] = attention.amax(dim=-1).mean(), attention.sum(dim=-2)[..., 0].mean()
        print(f"{name:12}   largest of a row {largest[name]:.2f}   sum of column [CLS] {received[name]:.1f}")

# %% [markdown] question="Q21"

# %% [markdown]
# ## 2. The explorer
#
# On the left stands the token that looks, on the right what it looks at; the stronger the line, the more. Move the
# slider through the layers, click a head to see it alone, point at a token to see its row in percent. **Double-click a
# word to hide it** behind `[MASK]`: the model guesses, and the attention changes. Type a sentence of your own. All of
# it works from the keyboard too.

# %%
attention_explorer.explore(model, sentence)

# %% [markdown]
# ## 3. Patterns
#
# Leafing through 72 heads one soon sees the same pictures again. Clark et al. (2019) and Kovaleva et al. (2019) found
# them in BERT, and scored them. A pattern says at which tokens a word should look: at **itself**, at the **previous**
# or the **next token**, at the **same word** elsewhere in the sentence, at the **start** `[CLS]`, at the
# **separator** `[SEP]`. `pattern_targets` gives each as a matrix of true and false like this one.

# %%
targets = attention_patterns.pattern_targets(encoding)
attention_plots.show_attention(targets["same word"].float(), encoding, "where a head for the same word looks")

# %% [markdown]
# The **score** of a head is the share of its attention that goes where the pattern says: add up the weights at the
# targets in each row, and take the mean over the rows that have a target at all. (`targets.any(dim=-1)` tells which
# these are. A word that stands there only once says nothing about the pattern "same word".)


# %% key="pattern_score"
def pattern_score(attentions, targets):
    """Mean share (...) of attentions (..., tokens, tokens) that goes to targets, boolean (tokens, tokens)."""
    score = None
    # BEGIN SOLUTION
    shares = (attentions * targets).sum(dim=-1)  # (..., tokens)
    score = shares[..., targets.any(dim=-1)].mean(dim=-1)
    # END SOLUTION
    return score


# %%
count = len(encoding.tokens)
ideal, even = torch.eye(count).roll(-1, dims=1), torch.full((count, count), 1 / count)
for name, matrix in {"always the token before": ideal, "all tokens alike": even}.items():
    print(f"{name}: {pattern_score(matrix, targets['previous token'])}, should be {matrix[3, 2]:.4f}")

# %% [markdown]
# Now all heads, averaged over ten sentences, in each of which some word stands twice. A seventh score says how
# **broad** a head is: from the entropy $H$ of a row follows an effective number of tokens $e^H$, here divided by all
# tokens. *Chance* is what a head scores that looks at all tokens alike.

# %%
scores = attention_patterns.score_heads(model, attention_patterns.SENTENCES, pattern_score)
patterns = attention_patterns.PATTERNS[:-1]  # without "broad", which is not yours
hw.record("head_scores", None if scores is None else [scores[pattern] for pattern in patterns])
attention_patterns.print_patterns(model, attention_patterns.SENTENCES, scores, pattern_score)

# %%
attention_plots.show_scores(scores)

# %% [markdown]
# A head *keeps to* a pattern, let us say, if at least half of its attention does. Here is every head in the colour of
# the pattern that it keeps to, with its highest score; grey ones keep to none.

# %%
attention_plots.show_strongest(scores)

# %% [markdown]
# These are the best heads on one sentence, not picked by hand: a title in orange says that even the best head does not
# keep to this pattern.

# %%
attention_plots.show_best_heads(model, sentence, scores)

# %% [markdown]
# **What we observed.** Position comes out cleanly: one head of the first layer looks at the token before and at nothing
# else, and one of the second at the token after. For the rest, this model is not the one of the textbooks. No head
# keeps to the token itself, and none to the same word elsewhere: the best one for that does look from one *man* to the
# other, but not from one *the* to another. Nobody looks at `[SEP]`, which takes more than half of the attention in the
# middle layers of BERT-base (Clark et al. 2019). Here `[CLS]` has that part: about half of all heads keep to it. The
# first layer looks broadly. And many heads are grey: they mix patterns, or follow one that we did not score. A score
# says no more than was asked of it; it is an average over all words, and cannot see a head that serves verbs only.

# %% [markdown] question="Q22"

# %% [markdown]
# ## 4. Masked words
#
# BERT learned its language by filling gaps: a word is replaced by `[MASK]`, and a layer on top of the last one gives
# every token of the vocabulary a probability to stand there. Orange is the hidden word, with its rank among all
# 30,522 tokens.

# %%
texts = {
    "She was the first woman to be elected president of the United States.": "States",
    "The president was elected for four years.": "years",
    "Heat the water until it boils.": "water",
    "The patient was treated by a doctor in the hospital.": "doctor",
    "The soldiers of the army crossed the river.": "army",
    "We eat soup with a spoon.": "spoon",
}
examples = [masked_words.mask_word(model, text, word) for text, word in texts.items()]
attention_plots.show_guesses(examples)

# %%
masked_words.print_quality()

# %% [markdown]
# **What we observed.** Five of these sentences were chosen because the model does well on them, the sixth because it
# does not, although everybody knows that word; the shares above say what to expect of a sentence of your own. This BERT
# is small and has read little: BERT-base has eight times as many parameters in its layers. When unsure it says what
# stands most often in any text, such as a full stop, or an echo of the topic: *state* for *States*, *patient* for
# *doctor*.
#
# What does hiding do inside? Here is how far each hidden state moves, as a share of its length, from the embeddings to
# the last layer. Below it, how the attention changes, as a mean over the heads of a layer: orange is more, violet less.

# %%
example = examples[1]
attention_plots.show_spread(example)

# %%
attention_plots.show_change(example, [1, (model.layers + 1) // 2, model.layers])

# %% [markdown]
# **What we observed.** Among the embeddings only the hidden word's own has changed. One layer on, nearly all tokens
# have moved a little, and later more: most of all the neighbours *for* and *four*, and the full stop. Only `[CLS]`
# stays where it was until the last layer. In the first layer, the others look a little
# more at `[MASK]` than they did at the word. In the last one it is `[MASK]` that looks differently: less at `[CLS]`,
# more at *president*, *elected* and *four*, from which one may learn what is missing.

# %% [markdown] question="Q23"

# %% [markdown]
# ## 5. Is attention an explanation?
#
# The guess for a masked word is read off the last hidden state of `[MASK]`. Whom did `[MASK]` look at on the way? And,
# quite another question: on which words does the guess *depend*? That one can be tried out: hide a second word, and see
# by how much the logarithm of the first one's probability falls.

# %%
received_by = masked_words.received_attention(example)
influence = masked_words.influences(model, example)
attention_plots.show_influence(example, received_by, influence)

# %% [markdown]
# The tallest bar above has none below: `[CLS]` is not a word of the sentence and cannot be hidden. But what could one
# take from it? The table says how much the hidden state of a token differs between our ten sentences, relative to its
# length: 0 means that it is the same vector in every sentence, about 1.4 that they have nothing in common.

# %%
places = {"[CLS]": 0, "full stop": -2, "[SEP]": -1}
attention_patterns.print_state_distances(model, attention_patterns.SENTENCES, places)

# %% [markdown]
# **What we observed.** Half of the attention of `[MASK]` goes to a vector that is the same in every sentence up to the
# fifth layer, nearly, and so tells nothing about this one. Rows must add up to one; a head that finds nothing to do
# needs a place to look at, and in this model it is `[CLS]`, as it is `[SEP]` in BERT-base, where Clark et al. (2019)
# took it for a "no-op" too. The largest weight of all is the one that means the least.
#
# Among the words, attention and influence can be compared. Here is what `[MASK]` looks at most in each of the six
# examples, the word that it looks at most, and the word whose hiding costs most:

# %%
masked_words.print_influences(model, examples)

# %% [markdown]
# **What we observed.** Among the words, attention is not a bad guide: in five of the six sentences the word that is
# looked at most is also the one that matters most. But the sizes do not agree. In the figure, *elected* has more than
# half of the attention of *four*, and hiding it changes nothing; the full stop has a third more, and hiding it costs
# about as much as hiding *four*. That is what the quarrel in the literature is about: Jain & Wallace (2019, "Attention
# is not explanation") found that attention agrees poorly with other measures of importance, and that very different
# weights can lead to the same prediction; Wiegreffe & Pinter (2019, "Attention is not not explanation") answered that
# this depends on what one asks of an explanation, and how one tests it. Attention shows where something *could* come
# from. Whether it matters is shown by an experiment, and the experiment has its own limits: with two words hidden, the
# model reads a sentence that is poorer than any it should explain.

# %% [markdown] question="Q24"

# %% [markdown]
# ## Hand in
#
# The last cell looks at the *form* of your answers: whether something is missing or has a wrong shape. It does not
# know what is right. Save the notebook afterwards and hand in the file.

# %%
hw.check()
