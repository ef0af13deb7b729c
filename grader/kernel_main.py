"""Entry point of a kernel inside the wall: sets what only the process itself can set, then starts IPython.

Runs as `python -c <source of this file> MEMORY_BYTES FILE_BYTES -f CONNECTION_FILE`; it must not import the grader,
which the wall does not show.
"""

import resource
import sys

from ipykernel.kernelapp import launch_new_instance


def main():
    memory_bytes, file_bytes = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    launch_new_instance(argv=sys.argv[3:])


main()
