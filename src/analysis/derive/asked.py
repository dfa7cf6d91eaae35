"""What was asked of the bodies themselves: their refusals and silence are known too."""

from __future__ import annotations

import pandas as pd

from analysis import load, store

NOT_GIVEN = ("refused", "silent")  # outcomes that are shown in place of "not found"
_OPEN = ("not_found", "partial", "closing")


def with_requests(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of the coverage with what became of the last request for each.

    Parameters
    ----------
    cells : pandas.DataFrame
        With `item`, `place_id`, `year` and `status`.

    Returns
    -------
    pandas.DataFrame
        With `asked` ("", "answered", "partly", "refused", "forwarded" or "silent"), `asked_on` (the
        day on which the body received the request) and `asked_until` (the end of its term). A
        request asks for what was not final then, of years that were over.

    Examples
    --------
    >>> cells = pd.DataFrame(
    ...     {"item": ["x"], "place_id": ["KZ"], "year": [2024], "status": ["final"]})
    >>> with_requests(cells)["asked"].tolist()
    ['']
    """
    last = _last_requests()
    keys = zip(cells["place_id"], cells["item"], strict=True)
    behind = [last.get(key) for key in keys]
    states = zip(behind, cells["year"], cells["status"], strict=True)
    counts = [
        request is not None and request["received_on"].year > year and status in _OPEN
        for request, year, status in states
    ]
    asked = [
        request if is_asked else None for request, is_asked in zip(behind, counts, strict=True)
    ]
    return cells.assign(
        asked=["" if request is None else request["outcome"] for request in asked],
        asked_on=pd.to_datetime([request and request["received_on"] for request in asked]),
        asked_until=pd.to_datetime([request and request["due_on"] for request in asked]),
    )


def _last_requests() -> dict[tuple[str, str], dict[str, pd.Timestamp]]:
    """Return the last request for each place and item of the coverage."""
    covers = {row["item"]: row["coverage_item"] for row in store.read_rows("raw/request_items")}
    last = {}
    requests = load.load_requests().sort_values("received_on")
    for request in requests.to_dict("records"):
        for item in request["items"].split():
            last[request["place_id"], covers[item]] = request
    return last


def shown_status(cells: pd.DataFrame) -> pd.Series:
    """Return the status of each cell as charts show it: refusal and silence where nothing is found.

    Examples
    --------
    >>> cells = pd.DataFrame({"status": ["not_found", "final"], "asked": ["refused", "silent"]})
    >>> shown_status(cells).tolist()
    ['refused', 'final']
    """
    status = cells["status"].astype("str")
    is_known = (status == "not_found") & cells["asked"].isin(NOT_GIVEN)
    return status.where(~is_known, cells["asked"])
