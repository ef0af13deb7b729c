"""Lays a student's cell sources into our template, so that nothing else of the submitted file reaches the executor."""

import re
import warnings

import nbformat

from grader.release import new_cell

MAX_CELLS = 2000


class InvalidNotebook(Exception):
    """The submitted file is not a notebook of this homework; the message is for the student."""


def read_notebook(data):
    """The notebook in the bytes `data`, as nbformat 4; raises InvalidNotebook."""
    try:
        with warnings.catch_warnings(action="ignore"):  # nbformat mends missing and repeated ids, and says so
            notebook = nbformat.reads(data.decode("utf-8-sig"), as_version=4)
        cells = [(cell["cell_type"], _text(cell["source"]), cell.get("id")) for cell in notebook["cells"]]
    except Exception as error:  # nbformat fails in many ways on what is not a notebook
        raise InvalidNotebook(f"the file cannot be read as a Jupyter notebook ({type(error).__name__})") from error
    if len(cells) > MAX_CELLS:
        raise InvalidNotebook(f"the notebook has {len(cells)} cells; at most {MAX_CELLS} are taken")
    return cells


def overlap(template, cells):
    """How many of the template's cells the student's `cells` still have, by id."""
    return len({cell.id for cell in template.cells} & {identity for _, _, identity in cells})


def rebuild(template, cells):
    """`template` with the student's sources.

    template: NotebookNode of the released homework; not changed
    cells:    (type, source, id) of each cell of the submission, from `read_notebook`; where an editor has dropped
              the ids, cells are recognised by what they define or answer
    returns:  (NotebookNode, notes): template cells in their order, the student's own cells after the template cell
              they follow; tags, metadata and outputs are the template's. Cells that were deleted are restored.
    raises:   InvalidNotebook if not one cell of the template is left
    """
    if not overlap(template, cells):
        cells = _recognise(template, cells)
    if not overlap(template, cells):
        raise InvalidNotebook("none of this homework's cells is in it; hand in the notebook you were given")
    known = {cell.id: cell for cell in template.cells}
    sources, following, place = {}, {None: []}, None
    for kind, source, identity in cells:
        if identity in known and identity not in sources and kind == known[identity].cell_type:
            sources[identity], place = source, identity
        elif kind in ("code", "markdown"):
            following.setdefault(place, []).append((kind, source))
    return _lay_out(template, sources, following), _notes(known, sources)


def _recognise(template, cells):
    """`cells` with the ids of the template cells they are, judging by their sources."""
    identities = {}
    for cell in template.cells:
        identities.update(dict.fromkeys((cell.source, *_landmarks(cell.source)), cell.id))
    return [
        (kind, source, next((identities[m] for m in (source, *_landmarks(source)) if m in identities), identity))
        for kind, source, identity in cells
    ]


def _landmarks(source):
    """What tells a cell from others even after a student has worked in it: definitions and answers."""
    return re.findall(r"^def \w+|^hw\.answer\(['\"]\w+", source, flags=re.MULTILINE)


def _lay_out(template, sources, following):
    notebook = nbformat.v4.new_notebook(metadata=template.metadata)
    own = [0]
    notebook.cells += _own_cells(following[None], own)
    for cell in template.cells:
        source = sources.get(cell.id, cell.source) if cell.cell_type == "code" else cell.source
        notebook.cells.append(new_cell(cell.cell_type, source, cell.id))
        notebook.cells += _own_cells(following.get(cell.id, ()), own)
    return notebook


def _own_cells(cells, counter):
    """The student's own cells, numbered through the notebook by `counter`, a list of one integer."""
    made = []
    for kind, source in cells:
        counter[0] += 1
        made.append(new_cell(kind, source, f"own-{counter[0]}"))
    return made


def _notes(known, sources):
    missing = [cell for identity, cell in known.items() if identity not in sources and cell.cell_type == "code"]
    return (f"{len(missing)} deleted code cells were restored as they were handed out",) if missing else ()


def _text(source):
    text = source if isinstance(source, str) else "".join(source)
    return text.encode("utf-8", "replace").decode()  # a lone surrogate could not be sent to a kernel
