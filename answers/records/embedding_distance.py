"""What 10_embedding_distance hands in: two matrices, and what its functions return for vectors of the grader's."""

from functools import lru_cache

import numpy as np

from answers.bank import Calls, Part, Record
from helpers import bert, function_calls
from helpers.embedding_distance import GIVEN_LAYER, load_sentences, word_embeddings

COUNT = 10  # sentences
# As a share of the largest value away from the diagonal: float64 and the thread count move a value by 1e-6 at most, the
# nearest mistake, a layer further, most values of each row by 3 % and more. A diagonal may be off by rounding.
TOLERANCE = 2e-3
NAMES = ("euclidean_distance", "cosine_similarity")
# A sum of squares in float32 is off by 1e-6; written as |a|^2 + |b|^2 - 2ab, the distance of equal vectors by 1e-3.
CALL_TOLERANCE = 2e-3


def reference_model():
    """The grader's own copy of the notebook's model, on the CPU."""
    return bert.load_model("all-MiniLM-L6-v2", task=None, device="cpu")


def euclidean(a, b):
    """The reference, in float64."""
    return float(np.linalg.norm(np.asarray(a, dtype=np.float64) - np.asarray(b, dtype=np.float64)))


def cosine(a, b):
    """The reference, in float64; 0 if one of the vectors is zero."""
    a, b = (np.asarray(vector, dtype=np.float64) for vector in (a, b))
    lengths = np.linalg.norm(a) * np.linalg.norm(b)
    return float(a @ b / lengths) if lengths else 0.0


REFERENCES = dict(zip(NAMES, (euclidean, cosine), strict=True))


@lru_cache(maxsize=2)
def references(model):
    """Both matrices at every layer: dictionary of function name -> (layers + 1, 10, 10) float64."""
    sentences = load_sentences()
    embeddings = word_embeddings(model, sentences.texts, sentences.word).numpy()  # (layers + 1, 10, dim)
    return {
        name: np.array([[[function(a, b) for b in layer] for a in layer] for layer in embeddings])
        for name, function in REFERENCES.items()
    }


def check_euclidean(records, model):
    """One part for each sentence: its distances to all ten are the reference's."""
    return _matrix_parts(records["euclidean_distances"], references(model)["euclidean_distance"], EUCLIDEAN_MISTAKES)


def check_cosine(records, model):
    """One part for each sentence: its similarities with all ten are the reference's."""
    return _matrix_parts(records["cosine_similarities"], references(model)["cosine_similarity"], COSINE_MISTAKES)


EUCLIDEAN_MISTAKES = {
    "the squares of the distances": np.square,
    "distances divided by the largest": lambda d: d / d.max(),
}
COSINE_MISTAKES = {"cosine distances, 1 - similarity": lambda s: 1 - s}


def _matrix_parts(values, by_layer, mistakes):
    reference = by_layer[GIVEN_LAYER]
    hint = _hint(values, by_layer, mistakes)
    return [_row_part(row, _fits(values, reference, row), hint) for row in range(COUNT)]


def _fits(values, reference, row):
    """Whether one row and the same column are the reference's."""
    values, scale = np.asarray(values, dtype=np.float64), np.abs(reference[~np.eye(COUNT, dtype=bool)]).max()
    away = np.abs([values[row] - reference[row], values[:, row] - reference[:, row]])
    return bool((away <= TOLERANCE * scale).all())  # not true of NaN


def _row_part(row, fits, hint):
    which = f"The row of sentence {row + 1}"
    return Part(1, f"{which} is the reference's.") if fits else Part(0, f"{which} differs from the reference.", hint)


def _hint(values, by_layer, mistakes):
    """What the matrix is instead, if it is something that one takes for the other."""
    known = {f"the matrix of layer {layer}": matrix for layer, matrix in enumerate(by_layer) if layer != GIVEN_LAYER}
    known |= {name: change(by_layer[GIVEN_LAYER]) for name, change in mistakes.items()}
    for name, matrix in known.items():
        if all(_fits(values, matrix, row) for row in range(COUNT)):
            return f"These are {name}." if name in mistakes else f"This is {name}; layer {GIVEN_LAYER} is asked for."
    return (
        f"Compare the word's embeddings at layer {GIVEN_LAYER}, the sentences in their order, all pairs in both orders."
    )


def _draw(generator, size, scale=1.0):
    return generator.standard_normal(size) * scale


def _cases():
    """Kind -> cases for the functions: vectors of several lengths, drawn with a fixed seed, rounded to their dtype."""
    generator = np.random.default_rng(1729)
    plain = [(_draw(generator, size), _draw(generator, size)) for size in (2, 5, 12)]
    plain += [(a, factor * a) for a, factor in zip(_draw(generator, (3, 7)), (1, 3, -2), strict=True)]
    zero = [(np.zeros(6), _draw(generator, 6)), (_draw(generator, 6), np.zeros(6)), (np.zeros(6), np.zeros(6))]
    pairs = {"ordinary vectors": plain, "tensors": plain[1:3], "zero vectors": zero}
    found = {name: _in_both("torch" if name == "tensors" else "numpy", pairs[name]) for name in pairs}
    for name, single, double in (("large vectors", 1e25, 1e70), ("tiny vectors", 1e-25, 1e-70)):
        found[name] = [_case("numpy", dtype, [_draw(generator, 9, scale), _draw(generator, 9, scale)])
                       for dtype, scale in (("float32", single), ("float64", double)) for _ in range(2)]  # fmt: skip
    return found


def _in_both(kind, pairs):
    return [_case(kind, dtype, pair) for dtype in ("float32", "float64") for pair in pairs]


def _case(kind, dtype, vectors):
    return kind, dtype, tuple(tuple(np.asarray(vector, dtype=dtype).tolist()) for vector in vectors)


KINDS = _cases()
CALLS = Calls(NAMES, tuple(case for cases in KINDS.values() for case in cases))
OUTCOMES = {
    function_calls.NO_FUNCTION: "there was no function of this name at the end of the notebook",
    function_calls.RAISED: "it raised an error",
    function_calls.NO_NUMBER: "it returned something else than one number",
    function_calls.NOT_FINITE: "it returned NaN or infinity",
    function_calls.NOT_REACHED: "the time was up",
}
CALL_HINTS = {
    "tensors": "np.asarray(a, dtype=np.float64) takes NumPy arrays and tensors alike.",
    "zero vectors": "By our convention the cosine similarity with a zero vector is 0: look for it before you divide.",
    "large vectors": "The square of 1e25 is more than float32 can hold: convert to float64 first.",
    "tiny vectors": "The square of 1e-25 is 0 in float32, and a number added to the denominator outweighs tiny ones: "
    "convert to float64 first, and add nothing.",
}
CALL_MISTAKES = {
    "euclidean_distance": {"the square of the distance; take the root": lambda a, b: euclidean(a, b) ** 2},
    "cosine_similarity": {
        "the cosine distance; the similarity is 1 minus that": lambda a, b: 1 - cosine(a, b),
        "the inner product; divide it by both lengths": lambda a, b: float(np.dot(a, b)),
    },
}


def check_functions(records, _model):
    """For each function one part for each kind of vectors; without ordinary ones the others do not count."""
    return [
        part
        for name, rows in zip(NAMES, records["distance_functions"], strict=True)
        for part in _call_parts(name, rows)
    ]


def _call_parts(name, rows):
    parts, start = [], 0
    for kind, cases in KINDS.items():
        parts.append(_call_part(name, kind, cases, rows[start : start + len(cases)]))
        start += len(cases)
    if parts[0].share < 1:
        untold = f"{name} is not judged by other vectors as long as ordinary ones fail."
        return [parts[0], *(Part(0, untold) for _ in parts[1:])]
    return parts


def _call_part(name, kind, cases, rows):
    """`rows`: (cases, 2), value and outcome of each call."""
    wrong = [(case, row) for case, row in zip(cases, rows, strict=True) if not _is_right(name, case, row)]
    if not wrong:
        return Part(1, f"{name} is right for {kind}.")
    _, (_, outcome) = wrong[0]
    reason = OUTCOMES.get(outcome) or _mistake(name, cases, rows) or "its value is wrong"
    return Part(
        0, f"{name} fails for {kind} in {len(wrong)} of {len(cases)} calls: {reason}.", CALL_HINTS.get(kind, "")
    )


def _is_right(name, case, row):
    return row[1] == function_calls.NUMBER and _agrees(name, case, row[0], REFERENCES[name])


def _agrees(name, case, value, function):
    """Whether `value` is that of `function`; a distance may be off by `CALL_TOLERANCE` of the vectors' lengths."""
    _, _, vectors = case
    lengths = sum(np.linalg.norm(vector) for vector in vectors)
    scale = lengths if name == "euclidean_distance" else 1
    return abs(value - function(*vectors)) <= CALL_TOLERANCE * scale


def _mistake(name, cases, rows):
    """What is returned instead, if it is something that one takes for the other."""
    for said, function in CALL_MISTAKES[name].items():
        if all(_agrees(name, case, row[0], function) for case, row in zip(cases, rows, strict=True)):
            return f"it returned {said}"
    return None


RECORDS = [
    Record(
        name="euclidean_distances",
        shape=(COUNT, COUNT),
        dtype="float32",
        description=f"the Euclidean distances of the word's embeddings in the ten sentences, at layer {GIVEN_LAYER}",
        points=0.5,
        check=check_euclidean,
    ),
    Record(
        name="cosine_similarities",
        shape=(COUNT, COUNT),
        dtype="float32",
        description=f"the cosine similarities of the word's embeddings in the ten sentences, at layer {GIVEN_LAYER}",
        points=0.5,
        check=check_cosine,
    ),
    Record(
        name="distance_functions",
        shape=(len(NAMES), len(CALLS.cases), 2),
        dtype="float64",
        description="what the two functions return for the grader's vectors",
        points=1,
        check=check_functions,
        calls=CALLS,
    ),
]
