"""Render many pictures in worker processes, each of which starts the renderer once."""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from plan import paths
from tqdm import tqdm

# Blender is imported in the workers alone: it changes the search path for modules, which they would inherit.


def unfinished(wanted, folder):
    """The pictures of which a file is missing."""
    return [picture for picture in wanted if not all(path.exists() for path in paths(picture, folder))]


def render_all(wanted, folder, workers):
    """Render pictures into a folder; prints a line for each that failed and returns how many did."""
    todo = unfinished(wanted, folder)
    context = multiprocessing.get_context("spawn")  # Blender does not survive a fork
    threads = max(1, multiprocessing.cpu_count() // workers)
    failed = 0
    with ProcessPoolExecutor(workers, context, _start, (threads,)) as pool:
        jobs = {pool.submit(_attempt, picture, folder): picture for picture in todo}
        with tqdm(total=len(wanted), initial=len(wanted) - len(todo), unit="picture") as bar:
            for job in as_completed(jobs):
                error = _outcome(job)
                if error:
                    failed += 1
                    bar.write(f"{jobs[job].split}/{jobs[job].name}: {error}", file=sys.stderr)
                bar.update()
    return failed


def _start(threads):
    import studio

    studio.start(threads)


def _attempt(picture, folder):
    """Render a picture; returns what went wrong in one line, or ""."""
    import picture as pictures

    try:
        pictures.write(picture, folder)
    except Exception as error:  # the other pictures go on
        return " ".join(f"{type(error).__name__}: {error}".split())
    return ""


def _outcome(job):
    try:
        return job.result()
    except BrokenProcessPool:
        return "its process died; run the command again for what is left"
