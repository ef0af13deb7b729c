"""Render the food pictures: python data/render set | sample | sheet (each with --help)."""

import argparse
import sys
from pathlib import Path

from plan import CLASSES, LABELS, SPLITS, Picture, pictures

SHEET_COLUMNS = 14


def main(arguments=None):
    """Run one command; returns the exit status."""
    options = parser().parse_args(arguments)
    return options.run(options)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message):
        self.exit(2, f"{self.prog}: {message}\n")


def parser():
    """The command line."""
    top = _Parser(prog="python data/render", description="Render the food pictures.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _add_set(commands.add_parser("set", help="render the set; what exists already is skipped"))
    _add_sample(commands.add_parser("sample", help="render a few pictures and a labelled sheet of them"))
    sheet = commands.add_parser("sheet", help="write a contact sheet of the training split")
    sheet.add_argument("folder", type=existing_folder)
    sheet.set_defaults(run=run_sheet)
    return top


def _add_set(command):
    command.add_argument("folder", type=Path, help="such as data/food")
    command.add_argument("--workers", type=positive, default=2, help="processes (default 2)")
    command.add_argument("--classes", type=class_list, default=LABELS, help="such as rice,soup (default all)")
    command.add_argument("--splits", type=split_list, default=SPLITS, help=f"some of {','.join(SPLITS)} (default all)")
    command.add_argument("--numbers", type=number_range, help="such as 0-19, both included (default all)")
    command.set_defaults(run=run_set)


def _add_sample(command):
    command.add_argument("folder", type=Path)
    command.add_argument("--classes", type=class_list, default=LABELS, help="such as rice,soup (default all)")
    command.add_argument("--count", type=positive, default=12, help="pictures of each class (default 12)")
    command.add_argument("--start", type=int, default=0, help="number of the first picture (default 0)")
    command.add_argument("--kind", help="make every picture show this kind of the class's food")
    command.set_defaults(run=run_sample)


def positive(text):
    """Integer from 1 up."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be an integer from 1 up, got {text!r}")
    return int(text)


def number_range(text):
    """The numbers from a to b, both included, of "a-b", or the one number of "a"."""
    first, _, last = text.partition("-")
    if not (first.isdecimal() and (last or first).isdecimal()):
        raise argparse.ArgumentTypeError(f"must be like 0-19 or 7, got {text!r}")
    return range(int(first), int(last or first) + 1)


def existing_folder(text):
    """A folder that exists."""
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"no folder {text!r}; render the set first")
    return Path(text)


def _listed(text, known, what):
    """The names, separated by commas, all of which must be known."""
    names = text.split(",")
    unknown = [name for name in names if name not in known]
    if unknown:
        raise argparse.ArgumentTypeError(f"no {what} {', '.join(unknown)}; there are {', '.join(known)}")
    return names


def class_list(text):
    """Labels of class names separated by commas."""
    return [CLASSES.index(name) for name in _listed(text, CLASSES, "class")]


def split_list(text):
    """Names of splits separated by commas."""
    return _listed(text, SPLITS, "split")


def run_set(options):
    """Render what is missing, then list all pictures that there are; 1 if any failed."""
    from workers import render_all

    options.folder.mkdir(parents=True, exist_ok=True)
    failed = render_all(pictures(options.splits, options.classes, options.numbers), options.folder, options.workers)
    from listing import write_listing  # imports Blender, which must wait until the workers are done: see workers.py

    write_listing(pictures(), options.folder)
    return int(failed > 0)


def run_sample(options):
    """Render training pictures of some classes and lay them out in sheet.png; 1 if any failed."""
    from sample import check_kind, render_sample

    numbers = range(options.start, options.start + options.count)
    wanted = [Picture("training", label, number) for label in options.classes for number in numbers]
    try:
        check_kind(options.kind, options.classes)
    except ValueError as error:
        return complain(error)
    return render_sample(options.folder, wanted, options.kind)


def run_sheet(options):
    """Write contact_sheet.jpg: a row per class, the first training pictures of each."""
    from sheet import overview

    try:
        overview(options.folder / "training", LABELS, range(SHEET_COLUMNS), options.folder / "contact_sheet.jpg")
    except FileNotFoundError as error:
        return complain(f"no picture {error.filename}; render the set first")
    return 0


def complain(message):
    """Print one line and return the exit status of a wrong request."""
    print(f"python data/render: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
