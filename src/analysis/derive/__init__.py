"""Frames computed from the series: comparisons, rates, coverage."""
