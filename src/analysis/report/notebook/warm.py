"""A kernel that stays warm between notebooks."""

from __future__ import annotations

import atexit
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import nbformat
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

from analysis.errors import DataError

_SETUP = "from analysis.report.notebook import kernel as _kernel; _kernel.install(); del _kernel"
_OURS = {"openness": True}  # marks the cells that are not of the notebook itself
_LONGEST_SECONDS = 600


class WarmKernel:
    """A kernel that stays alive between notebooks, so that libraries are imported once.

    Its names are reset before each notebook. Make it and use it in one thread; it may be ended
    from another.

    Parameters
    ----------
    folder : Path
        Where the kernel starts.
    """

    def __init__(self, folder: Path) -> None:
        self._manager: Any = AsyncKernelManager(kernel_name="python3")
        start = run_sync(self._manager.start_kernel)
        quiet = ["--HistoryManager.enabled=False"]
        start_in = str(folder)
        start(cwd=start_in, stderr=DEVNULL, extra_arguments=quiet)
        self._client: Any = None

    def __enter__(self) -> WarmKernel:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """End the process; a notebook that runs in it fails with `DataError`."""
        self._manager.provisioner.process.kill()
        self._manager.cleanup_connection_file()

    def run(self, path: Path, **parameters: str) -> Any:
        """Execute a notebook with parameters and return it with its outputs.

        The file stays as it is.

        Raises
        ------
        DataError
            Naming the notebook, the cell and what went wrong in it.
        """
        stored = nbformat.read(path, as_version=4)
        notebook = _with_parameters(stored, parameters)
        first = _first_cell(path.parent.resolve())
        notebook.cells.insert(0, first)
        self._execute(notebook, path)
        del notebook.cells[0]
        return notebook

    def _execute(self, notebook: Any, path: Path) -> None:
        client = NotebookClient(
            notebook,
            km=self._manager,
            timeout=_LONGEST_SECONDS,
            resources={"metadata": {"path": path.parent}},
            store_widget_state=False,
        )
        client.kc = self._client
        try:
            client.execute(cleanup_kc=False)
        except CellExecutionError as error:
            raise _cell_failed(path, notebook, error) from None
        except DeadKernelError:
            raise _kernel_died(path) from None
        finally:
            self._client = client.kc
            # nbclient leaves this exit hook behind if the kernel dies during start-up, and it
            # then fails noisily.
            atexit.unregister(client._cleanup_kernel)  # noqa: SLF001  # no public way


def _first_cell(folder: Path) -> Any:
    source = f"%reset -f\nimport os; os.chdir({str(folder)!r})\n{_SETUP}"
    return nbformat.v4.new_code_cell(source, metadata=_OURS)


def _with_parameters(notebook: Any, parameters: dict[str, str]) -> Any:
    assigned = [f"{name} = {value!r}" for name, value in parameters.items()]
    cell = nbformat.v4.new_code_cell("\n".join(assigned), metadata=_OURS)
    after = 0
    for position, given in enumerate(notebook.cells, start=1):
        if "parameters" in given.metadata.get("tags", []):
            after = position
    notebook.cells.insert(after, cell)
    return notebook


def _cell_failed(path: Path, notebook: Any, error: CellExecutionError) -> DataError:
    own = [cell for cell in notebook.cells if not cell.metadata.get("openness")]
    failed = [number for number, cell in enumerate(own, start=1) if _failed(cell)]
    number = failed[0] if failed else 0
    return DataError.one(
        file=f"{path.name}, cell {number}",
        found=f"{error.ename}: {error.evalue}",
        expected="a cell that runs",
        remedy="Correct it in JupyterLab.",
    )


def _failed(cell: Any) -> bool:
    outputs = cell.get("outputs", [])
    kinds = [output.output_type for output in outputs]
    return "error" in kinds


def _kernel_died(path: Path) -> DataError:
    return DataError.one(
        file=path.name,
        found="a kernel that has died",
        expected="a kernel that runs to the end",
        remedy="Look at how much memory it needs, and run it again.",
    )
