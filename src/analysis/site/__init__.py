"""The site: a front page, an explorer, a page for each figure and indicator, the data, the news.

Static pages around the reports; they work from a folder with the network cut.
"""

from __future__ import annotations

from analysis.site.build import build_site

__all__ = ["build_site"]
