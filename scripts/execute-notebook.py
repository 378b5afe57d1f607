"""Execute a notebook, and keep what its kernel sends late.

    execute-notebook.py <notebook> <executed notebook>

A client of Jupyter takes a cell for done when its kernel says that it is idle. Deno's kernel may say so before it has sent
the cell's result or the last of what it printed, mostly on a busy machine; `jupyter-nbconvert --execute` then drops them.
Here a cell is done once its kernel is idle and has sent nothing for it for half a second.

A cell that fails ends the execution, with its error on stderr. Needs Debian's jupyter-nbconvert.
"""

import sys
from contextlib import suppress
from pathlib import Path
from queue import Empty

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete, CellExecutionError
from nbconvert.preprocessors import coalesce_streams

LATE_SECONDS = 0.5
CELL_SECONDS = 600


async def keep_late_outputs(client, cell, cell_index, execute_reply):
    while True:
        try:
            message = await client.kc.iopub_channel.get_msg(timeout=LATE_SECONDS)
        except Empty:
            return
        if message["parent_header"].get("msg_id") != execute_reply["parent_header"]["msg_id"]:
            continue
        with suppress(CellExecutionComplete):
            client.process_message(message, cell, cell_index)


def execute(source, target):
    notebook = nbformat.read(source, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        record_timing=False,
        resources={"metadata": {"path": str(source.resolve().parent)}},
    )
    # A hook gets no client from its caller.
    client.on_cell_executed = lambda **of_cell: keep_late_outputs(client, **of_cell)
    client.execute()
    executed, _ = coalesce_streams(notebook, {})
    nbformat.write(executed, target)


if __name__ == "__main__":
    try:
        execute(Path(sys.argv[1]), Path(sys.argv[2]))
    except CellExecutionError as error:
        sys.exit(str(error))
