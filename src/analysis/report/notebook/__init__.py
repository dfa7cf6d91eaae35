"""From a notebook to blocks: a warm kernel runs it, its outputs become the parts of a report."""
