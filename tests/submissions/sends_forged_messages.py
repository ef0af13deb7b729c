# graded:
from IPython import get_ipython

kernel = get_ipython().kernel
for content in ({}, {"execution_state": 3}, {"data": None}, {"execution_state": "busy", "transient": 5}):
    for kind in ("status", "display_data", "stream", "error", "comm_open", "update_display_data", "nonsense"):
        kernel.session.send(kernel.iopub_socket, kind, content=content, parent=kernel.get_parent())
