"""A notebook executed in a warm kernel becomes the blocks of a report; its code is not shown."""

from __future__ import annotations

import atexit
import base64
import io
import re
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import nbformat
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from PIL import Image

from analysis.errors import DataError, Problem
from analysis.report.document import (
    MIME,
    Block,
    Code,
    Heading,
    Items,
    Paragraph,
    Picture,
    Run,
    Table,
    unpack,
    words,
)

_SETUP = "from analysis.report import kernel as _kernel; _kernel.install(); del _kernel"
_OURS = {"openness": True}  # marks the cells that are not of the notebook itself
_MINUTES = 10


class WarmKernel:
    """A kernel that stays alive between notebooks, so that libraries are imported once; its names are reset each time.

    Make it and use it in one thread; it may be ended from another.
    """

    def __init__(self, folder: Path) -> None:
        self._manager: Any = AsyncKernelManager(kernel_name="python3")
        run_sync(self._manager.start_kernel)(
            cwd=str(folder), stderr=DEVNULL, extra_arguments=["--HistoryManager.enabled=False"]
        )
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
        """Execute a notebook with parameters and return it with its outputs; the file stays as it is.

        Raises
        ------
        DataError
            Naming the notebook, the cell and what went wrong in it.
        """
        notebook = _with_parameters(nbformat.read(path, as_version=4), parameters)
        start = nbformat.v4.new_code_cell(
            f"%reset -f\nimport os; os.chdir({str(path.parent.resolve())!r})\n{_SETUP}",
            metadata=_OURS,
        )
        notebook.cells.insert(0, start)
        client = NotebookClient(
            notebook,
            km=self._manager,
            timeout=60 * _MINUTES,
            resources={"metadata": {"path": path.parent}},
            store_widget_state=False,
        )
        client.kc = self._client
        try:
            client.execute(cleanup_kc=False)
        except CellExecutionError as error:
            own = [c for c in notebook.cells if not c.metadata.get("openness")]
            number = next((i for i, c in enumerate(own, 1) if _failed(c)), 0)
            where, found = f"{path.name}, cell {number}", f"{error.ename}: {error.evalue}"
            raise DataError(
                [
                    Problem(
                        file=where,
                        found=found,
                        expected="a cell that runs",
                        remedy="Mend it in JupyterLab.",
                    )
                ]
            ) from None
        except DeadKernelError:
            raise DataError(
                [
                    Problem(
                        file=path.name,
                        found="a kernel that has died",
                        expected="a kernel that runs to the end",
                        remedy="Look at its memory, and run again.",
                    )
                ]
            ) from None
        finally:
            self._client = client.kc
            atexit.unregister(
                client._cleanup_kernel
            )  # left behind, and noisy at exit, where the kernel died while it started
        del notebook.cells[0]
        return notebook


def _failed(cell: Any) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", []))


def _with_parameters(notebook: Any, parameters: dict[str, str]) -> Any:
    cell = nbformat.v4.new_code_cell(
        "\n".join(f"{name} = {value!r}" for name, value in parameters.items()), metadata=_OURS
    )
    places = [i for i, c in enumerate(notebook.cells) if "parameters" in c.metadata.get("tags", [])]
    notebook.cells.insert(places[-1] + 1 if places else 0, cell)
    return notebook


def blocks_of(notebook: Any, *, name: str, code: bool = False) -> list[Block]:
    """Return the blocks that the markdown and the outputs of an executed notebook make, and its code if it is asked for.

    Sections and charts of `analysis` come as they are; tables of pandas, strings and pictures of matplotlib become tables,
    paragraphs and figures. A picture that has no alternative text takes the paragraph before it.

    Raises
    ------
    DataError
        If a picture has neither an alternative text nor a paragraph before it.
    """
    blocks: list[Block] = []
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            blocks += markdown_blocks(cell.source)
        elif cell.cell_type == "code" and (code or "solution" not in cell.metadata.get("tags", [])):
            if code and not cell.metadata.get("openness"):
                blocks.append(Code(cell.source))
            for output in cell.outputs:
                blocks += _output_blocks(output, blocks, f"{name}, cell {number}")
    return blocks


def _output_blocks(output: Any, before: list[Block], where: str) -> list[Block]:
    if output.output_type == "stream":
        return (
            [Code(output.text.rstrip())] if output.name == "stdout" and output.text.strip() else []
        )
    data = output.get("data", {})
    if MIME in data:
        return list(unpack(data[MIME]))
    if "image/png" in data:
        alt = output.get("metadata", {}).get("image/png", {}).get("alt") or _last_words(before)
        if not alt:
            raise DataError(
                [
                    Problem(
                        file=where,
                        found="a picture without words",
                        expected="a paragraph before it",
                        remedy="Say above it what it shows.",
                    )
                ]
            )
        png = data["image/png"].strip()
        width, height = Image.open(io.BytesIO(base64.b64decode(png))).size
        return [
            Picture(
                "figure", alt, caption="", svg="", png=png, width=width / 100, height=height / 100
            )
        ]
    if "text/plain" in data:
        return [words(data["text/plain"])]
    return []


def _last_words(blocks: list[Block]) -> str:
    last = next((b for b in reversed(blocks) if isinstance(b, Paragraph | Heading)), None)
    if last is None:
        return ""
    return last.text if isinstance(last, Heading) else "".join(run.text for run in last.runs)


def markdown_blocks(source: str) -> Iterator[Block]:
    """Return the blocks of a markdown text; HTML in it is shown as it is written, never run."""
    import mistune

    tokens: Any = mistune.create_markdown(renderer="ast", plugins=["table"])(source)
    for token in tokens:
        kind, children = token["type"], token.get("children", [])
        if kind == "heading":
            yield Heading(token["attrs"]["level"], "".join(run.text for run in _runs(children)))
        elif kind in ("paragraph", "block_quote"):
            yield Paragraph(tuple(_runs(children)))
        elif kind == "list":
            yield Items(
                tuple(tuple(_runs(item["children"])) for item in children),
                token["attrs"]["ordered"],
            )
        elif kind == "block_code":
            yield Code(token["raw"].rstrip())
        elif kind == "block_html":
            yield words(token["raw"].strip())
        elif kind == "table":
            head, body = (
                children[0]["children"],
                children[1]["children"] if len(children) > 1 else [],
            )
            yield Table(
                "",
                tuple(map(_cell, head)),
                tuple(tuple(map(_cell, row["children"])) for row in body),
            )


def _cell(token: dict[str, Any]) -> str:
    return "".join(run.text for run in _runs(token["children"]))


def _runs(tokens: list[dict[str, Any]], **style: Any) -> Iterator[Run]:
    for token in tokens:
        kind = token["type"]
        more = {"strong": {"bold": True}, "emphasis": {"italic": True}}.get(kind, {})
        if kind == "link":
            url = token["attrs"]["url"]
            more = {"href": url} if re.match(r"https?://", url) else {}
        if kind == "codespan":
            yield Run(token["raw"], code=True, **style)
        elif "children" in token:
            yield from _runs(token["children"], **{**style, **more})
        elif kind in ("softbreak", "linebreak"):
            yield Run(" ", **style)
        elif "raw" in token:
            yield Run(token["raw"], **style)
