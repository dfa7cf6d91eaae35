"""Numbers, times and moments in the forms people hold them, converted or refused by name."""

from __future__ import annotations

from math import nan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def as_numbers(values: Any) -> NDArray[Any]:
    """Return numbers as floats in the shape they came in, NaN where one is missing.

    Examples
    --------
    >>> as_numbers([1, None, "2"]).tolist()
    [1.0, nan, 2.0]
    """
    array = np.asarray(values)
    _refuse_complex(array.dtype)
    if array.dtype.kind in "biuf":
        return array.astype(float)
    flat = pd.Series(array.astype(object).ravel())
    column = pd.to_numeric(flat)
    _refuse_complex(column.dtype)
    numbers = column.to_numpy(dtype=float, na_value=nan)
    return numbers.reshape(array.shape)


def _refuse_complex(dtype: Any) -> None:
    if dtype.kind == "c":
        raise ValueError("complex numbers have no order; give real numbers")


def as_times(values: ArrayLike, name: str = "times") -> pd.Series:
    """Return times as datetimes without a zone (from dates, periods or ISO strings) or as floats.

    Examples
    --------
    >>> as_times(["2021-07", "2021-08-15"]).dt.month.tolist(), as_times([3, None]).tolist()
    ([7, 8], [3.0, nan])
    """
    series = pd.Series(values)
    if isinstance(series.dtype, pd.PeriodDtype):
        return series.dt.to_timestamp()
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype(series.cat.categories.dtype)

    if pd.api.types.is_datetime64_any_dtype(series):
        return series.dt.tz_localize(None)
    if pd.api.types.is_numeric_dtype(series):
        numbers = series.to_numpy(dtype=float, na_value=nan)
        return pd.Series(numbers, series.index, name=series.name)
    return _read_times(series, name)


def _read_times(series: pd.Series, name: str) -> pd.Series:
    numbers = pd.to_numeric(series, errors="coerce")
    if numbers.notna().equals(series.notna()):
        return numbers.astype(float)
    dates = pd.to_datetime(series, format="ISO8601", errors="coerce")
    wrong = series[dates.isna() & series.notna()]
    if len(wrong):
        raise ValueError(
            f"{name} has {wrong.iloc[0]!r}; give numbers, dates, or dates written as 2024-07-25"
        )
    return dates.dt.tz_localize(None)


def as_moment(value: Any, times: pd.Series, name: str) -> Any:
    """Return one moment of the kind that `times` are, as `as_times` returns them."""
    dated = pd.api.types.is_datetime64_any_dtype(times)
    if isinstance(value, str) and dated:
        value = pd.to_datetime(value, format="ISO8601", errors="coerce")

    moment = as_times([value], name).iloc[0]
    same_kind = isinstance(moment, pd.Timestamp) == dated
    if pd.isna(moment) or not same_kind:
        kind = "dates, such as 2024-07-25" if dated else "numbers"
        raise ValueError(
            f"{name} is {value!r} and the times are {kind}; give a moment of the same kind"
        )
    return moment


def aligned(*values: Any) -> tuple[Any, ...]:
    """Return Series with the same labels in the order of the first; arrays go by position."""
    indexes = [value.index for value in values if isinstance(value, pd.Series)]
    if not indexes:
        return values
    first = indexes[0]
    return tuple(_in_order_of(first, value) for value in values)


def _in_order_of(index: pd.Index, value: Any) -> Any:
    if not isinstance(value, pd.Series) or value.index.equals(index):
        return value
    unique = index.is_unique and value.index.is_unique
    same_labels = set(index) == set(value.index)
    if not unique or not same_labels:
        raise ValueError(
            "two Series have different labels; "
            "give the same units in both, or arrays in the same order"
        )
    return value.reindex(index)
