"""Hide what small counts need to stay unknown, by moves that are also the proof that they do.

A move adds to some cells of a table and takes from others while every published total stays the
same. A reader who sees the totals cannot tell the table from the moved one. So a small cell that
some move over hidden cells raises to the threshold is protected, and the move proves it: no linear
programme is needed.

A table is a product of axes. On an axis with a total, a cell moves against another part, or
together with the total. On the axis of indicators, whose sums form a graph, the moves are the
circuits of that graph (its minimal balanced changes). A move of the whole table is the product of
one move of each axis.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Array = NDArray[Any]
Relations = tuple[tuple[int, tuple[int, ...]], ...]

# Circuits of more indicators than this are not looked for. With fewer, some counts of appeals move
# only together with the total of all, which then is hidden.
LONGEST_CIRCUIT = 7
# Partners on an axis that are compared for each cell: more take longer and hide no less.
PARTNERS = 3
AT_ONCE = 48
_NO_MOVE = -2
_FAR = 1e12
_NEAR = 1e-6


@dataclass(frozen=True)
class Circuits:
    """Balanced changes along the axis of indicators.

    `members` has one row per circuit, padded with -1: first the indicators that rise, then those
    that fall. `of_item` lists for each indicator its circuits and whether they have to be turned
    round.
    """

    rising: Array
    falling: Array
    signs: Array
    of_item: list[tuple[Array, Array]]


def _sums(items: int, relations: Relations) -> Array:
    """Return the matrix of sums: 1 for each total, -1 for its parts."""
    matrix = np.zeros((len(relations), items))
    for row, (total, parts) in enumerate(relations):
        matrix[row, total] = 1
        matrix[row, list(parts)] = -1
    return matrix


def _kernel_vectors(matrix: Array, size: int) -> Iterator[Array]:
    """Yield the vectors of exactly `size` entries, each 1 or -1, that keep every sum."""
    items = matrix.shape[1]
    chosen = np.array(list(combinations(range(items), size)))
    # An indicator that is alone in a sum cannot change.
    alone = (matrix[:, chosen] != 0).sum(axis=2) == 1
    chosen = chosen[~alone.any(axis=0)]
    if not len(chosen):
        return
    parts = np.moveaxis(matrix[:, chosen], 1, 0)
    missing = max(0, size - parts.shape[1])
    padding = np.zeros((len(chosen), missing, size))
    square = np.concatenate([parts, padding], axis=1)
    _, values, right = np.linalg.svd(square)
    none, all_but_one = values[:, size - 1], values[:, : size - 1]
    one_way = (none < _NEAR) & (all_but_one > _NEAR).all(axis=1)
    vectors = right[:, size - 1, :]
    moves_first = np.abs(vectors[:, 0]) > _NEAR
    first = np.where(one_way & moves_first, vectors[:, 0], 1.0)
    scaled = vectors / first[:, None]
    by_one = np.isclose(np.abs(scaled), 1.0).all(axis=1)
    unit = one_way & by_one
    for places, signs in zip(chosen[unit], np.round(scaled[unit]), strict=True):
        vector = np.zeros(items)
        vector[places] = signs
        yield vector


@lru_cache(maxsize=16)
def find_circuits(items: int, relations: Relations) -> Circuits:
    """Return the circuits of the sums among indicators, the shortest first."""
    matrix = _sums(items, relations)
    longest = min(items, LONGEST_CIRCUIT)
    found: list[Array] = []
    for size in range(1, longest + 1):
        found += _kernel_vectors(matrix, size)
    signs = np.array(found).reshape(-1, items)
    of_item = []
    for item in range(items):
        mine = np.flatnonzero(signs[:, item])
        turned = signs[mine, item]
        of_item.append((mine, turned))
    return Circuits(_padded(signs, 1), _padded(signs, -1), signs, of_item)


def _padded(signs: Array, sign: int) -> Array:
    """Return for each circuit the indicators of a sign, padded with -1 to one width."""
    rows = [np.flatnonzero(row == sign) for row in signs]
    width = max(map(len, rows), default=1)
    padded = np.full((len(rows), max(1, width)), -1)
    for number, row in enumerate(rows):
        padded[number, : len(row)] = row
    return padded


@dataclass
class Table:
    """A table as a product of axes.

    `cells` holds the number of the row of `values` at each place of (block, axis 1, ..., axis n),
    -1 where there is none; place 0 of an axis is its total. `values` has one column per indicator.
    `parents` holds for an axis with totals in between the parent of each place (-1 for the
    topmost), else None. With `review`, a cell that no move raises to the threshold may stay known
    to be small, if not how small.
    """

    cells: Array
    values: Array
    loss: Array
    relations: Relations
    threshold: int
    parents: tuple[Array | None, ...] = ()
    review: bool = False

    def tree(self, axis: int) -> Array | None:
        """Return the parent of each place of an axis with totals between (regions), or None."""
        if not self.parents:
            return None
        return self.parents[axis]


@dataclass
class Cover:
    """What is hidden, the range of each count that moves prove, and the moves (columns)."""

    hidden: Array
    low: Array
    high: Array
    moves: sparse.csc_matrix
    weak: Array

    def unproven(self, values: Array, threshold: int) -> Array:
        """Return the hidden cells that no move raises to the threshold."""
        too_low = (self.high < threshold) & ~self.weak
        known = self.low >= self.high
        return self.hidden & (too_low | known)


class _Search:
    """The state of the search: what is hidden, its cost, and how far cells are proven to move."""

    def __init__(self, table: Table, hidden: Array, touchable: Array):
        self.table = table
        self.hidden = hidden.copy()
        self.circuits = find_circuits(table.values.shape[1], table.relations)
        self.member = np.abs(self.circuits.signs).T.astype(np.float32)
        price = np.where(touchable, table.loss, _FAR)
        self.price = np.where(self.hidden, 0.0, price)
        self.cost = (self.price @ self.member).astype(np.float32)
        self.up, self.down = table.values.copy(), table.values.copy()
        room = np.where(touchable | self.hidden, table.values - 1, -1.0)
        self.room_up = self._least(room, self.circuits.rising)
        self.room_down = self._least(room, self.circuits.falling)
        self.moves: list[tuple[Array, ...]] = []
        self.place = _places(table.cells, len(table.values))
        self.failed = np.zeros_like(hidden)
        self.weak = np.zeros_like(hidden)
        self.free = [self._of_rows(_free(table, axis)) for axis in range(table.cells.ndim - 1)]
        self._trees: dict[int, tuple[Array, Array]] = {}

    def _of_rows(self, grid: Array) -> Array:
        return grid[tuple(self.place.T)]

    def tree_moves(self, axis: int) -> tuple[Array, Array]:
        tree = self.table.tree(axis)
        if axis not in self._trees and tree is not None:
            self._trees[axis] = _moves_of_tree(tree)
        return self._trees[axis]

    @staticmethod
    def _least(room: Array, members: Array) -> Array:
        """Return for each row and circuit the least room of its members; -1 is no member."""
        endless = np.full(len(room), np.inf)
        padded = np.c_[room, endless]
        least = padded[:, members].min(axis=2)
        return least.astype(np.float32)

    def hide(self, row: Array, item: Array) -> None:
        """Hide cells, and lower the cost of every circuit through them."""
        width = self.hidden.shape[1]
        shown = ~self.hidden[row, item]
        cell = row[shown] * width + item[shown]
        row, item = np.divmod(np.unique(cell), width)
        self.hidden[row, item] = True
        saved = self.price[row, item].astype(np.float32)
        self.price[row, item] = 0.0
        savings = saved[:, None] * self.member[item]
        np.subtract.at(self.cost, row, savings)

    def needy(self) -> Array:
        """Return (row, item) of the hidden cells that are not proven yet, the smallest first."""
        too_low = self.up < self.table.threshold - _NEAR
        still = self.up - self.down < 1 - _NEAR
        unproven = (too_low & ~self.weak) | still
        found = np.argwhere(self.hidden & unproven & ~self.failed)
        row, item = found.T
        values = self.table.values[row, item]
        return found[np.argsort(values, kind="stable")]

    def need(self, rows: Array, items: Array) -> Array:
        """Return how far cells must rise: to the threshold, or by one where that is allowed."""
        to_threshold = self.table.threshold - self.table.values[rows, items]
        full = np.maximum(1.0, to_threshold)
        weak = self.weak[rows, items]
        return np.where(weak, 1.0, full)


def _candidates(
    search: _Search, place: Array, rows: Array, items: Array, axis: int
) -> tuple[Array, Array]:
    """Return for each cell the moves on one axis and their signs: (cells, moves, places of each).

    A place moves against another part, or together with the total; places that are hidden, and
    large ones, come first. Unused places are -1.
    """
    own = place[:, axis + 1]
    if search.table.tree(axis) is not None:
        nodes, signs = search.tree_moves(axis)
        nodes, signs = nodes[own], signs[own]
    else:
        partner = _partners(search, place, items, axis)
        here = np.broadcast_to(own[:, None], partner.shape)
        with_total = (partner == 0) | (here == 0)
        nodes = np.stack([np.where(partner < 0, -2, here), partner], axis=2)
        signs = np.stack([np.ones_like(partner), np.where(with_total, 1, -1)], axis=2)
    # To stay is a move as well, where no total on this axis has the cell in it.
    stay = np.full((len(own), 1, nodes.shape[2]), -1)
    stay[:, 0, 0] = own
    ones = np.ones_like(stay)
    return np.concatenate([nodes, stay], axis=1), np.concatenate([signs, ones], axis=1)


def _free(table: Table, axis: int) -> Array:
    """Return the cells that are in no total on an axis and are no total on it themselves."""
    there = np.moveaxis(table.cells >= 0, axis + 1, 0)
    tree = table.tree(axis)
    bound = np.zeros_like(there)
    if tree is None:
        parts = there[1:].any(axis=0)
        bound[0] = parts
        bound[1:] = there[0]
    else:
        for node, parent in enumerate(tree):
            if parent >= 0:
                both = there[node] & there[parent]
                bound[node] |= both
                bound[parent] |= both
    return ~np.moveaxis(bound, 0, axis + 1)


def _partners(search: _Search, place: Array, items: Array, axis: int) -> Array:
    table = search.table
    size = table.cells.shape[axis + 1]
    line = list(place.T[:, :, None])
    line[axis + 1] = np.arange(size)[None, :]
    there = table.cells[tuple(np.broadcast_arrays(*line))]
    values = table.values[there, items[:, None]]
    hidden = search.hidden[there, items[:, None]]
    rank = np.where(hidden, 1e9, 0.0) + values
    rank[:, 0] = np.inf
    rank[there < 0] = -np.inf
    np.put_along_axis(rank, place[:, axis + 1 : axis + 2], -np.inf, axis=1)
    kept = min(PARTNERS, size)
    best = np.argpartition(-rank, kept - 1, axis=1)[:, :kept]
    usable = np.take_along_axis(rank, best, axis=1) > -np.inf
    return np.where(usable, best, -1)


def _moves_of_tree(parent: Array) -> tuple[Array, Array]:
    """Return the moves of each place of an axis with regions: within it, and up to the totals."""
    count = len(parent)
    children = [np.flatnonzero(parent == node) for node in range(count)]
    moves = [_moves_of_node(node, parent, children) for node in range(count)]
    most = max(1, *map(len, moves))
    longest = max(len(move) for found in moves for move in found)
    nodes = np.full((count, most, longest), -1)
    signs = np.zeros((count, most, longest), dtype=int)
    nodes[:, :, 0] = _NO_MOVE
    for node, found in enumerate(moves):
        for number, move in enumerate(found):
            places, ways = zip(*move, strict=True)
            nodes[node, number, : len(move)] = places
            signs[node, number, : len(move)] = ways
    return nodes, signs


def _moves_of_node(node: int, parent: Array, children: list[Array]) -> list[list[tuple[int, int]]]:
    """Return moves as lists of (place, sign); the place itself comes first and rises."""
    below = children[node][:PARTNERS]
    paths = [[(node, 1), *_leaf_path(int(child), children)] for child in below]
    above = int(parent[node])
    siblings = children[above] if above >= 0 else np.zeros(0, dtype=int)
    others = [int(other) for other in siblings if other != node]
    moves = []
    for path in paths or [[(node, 1)]]:
        moves.append(path + _climb(above, parent))
        for other in others[:PARTNERS]:
            against = [(place, -1) for place, _ in _leaf_path(other, children)]
            moves.append(path + against)
    return moves


def _climb(node: int, parent: Array) -> list[tuple[int, int]]:
    """Return a place and all totals above it: they rise together."""
    path = []
    while node >= 0:
        path.append((node, 1))
        node = int(parent[node])
    return path


def _leaf_path(node: int, children: list[Array]) -> list[tuple[int, int]]:
    """Return the place and the first place of each level below it: all rise together."""
    path = [(node, 1)]
    while len(children[node]):
        node = int(children[node][0])
        path.append((node, 1))
    return path


def _corner(
    place: Array, moves: list[tuple[Array, Array]], chosen: tuple[int, ...], cells: Array
) -> tuple[Array, Array]:
    """Return the cells at one corner of all boxes, and their signs; -1 where there is no corner.

    A corner that should be there but has no cell is -2: the box cannot be used.
    """
    depth = len(moves)
    count = len(place)
    index = [place[:, 0].reshape(count, *[1] * depth)]
    sign, used = np.ones((count, *[1] * depth)), np.ones((count, *[1] * depth), dtype=bool)
    usable = used
    for axis, (nodes, signs) in enumerate(moves):
        shape = [count, *[1] * depth]
        shape[axis + 1] = nodes.shape[1]
        node = nodes[:, :, chosen[axis]].reshape(shape)
        first = nodes[:, :, 0].reshape(shape)
        index.append(np.maximum(node, 0))
        sign = sign * signs[:, :, chosen[axis]].reshape(shape)
        used = used & (node != -1)
        usable = usable & (first != _NO_MOVE)
    at = cells[tuple(np.broadcast_arrays(*index))]
    return np.where(usable, np.where(used, np.where(at < 0, -2, at), -1), -2), sign


def _padded_circuits(search: _Search, items: Array) -> tuple[Array, Array]:
    """Return the circuits of each indicator and whether they are turned round, padded with -1."""
    lists = [search.circuits.of_item[item] for item in items]
    width = max(len(mine) for mine, _ in lists)
    shape = (len(items), width)
    number = np.full(shape, -1)
    turn = np.zeros(shape)
    for row, (mine, turned) in enumerate(lists):
        number[row, : len(mine)] = mine
        turn[row, : len(mine)] = turned
    return number, turn


def _search_boxes(search: _Search, todo: Array) -> None:
    """Find for each cell the cheapest move that raises it far enough, hide its cells, keep it."""
    rows, items = todo[:, 0], todo[:, 1]
    table = search.table
    place = search.place[rows]
    depth = place.shape[1] - 1
    moves = [_candidates(search, place, rows, items, axis) for axis in range(depth)]
    number, turn = _padded_circuits(search, items)
    shape = (len(todo), *[1] * depth, number.shape[1])
    circuit, way = np.maximum(number, 0).reshape(shape), turn.reshape(shape)
    cost = np.where(number.reshape(shape) < 0, _FAR, 0.0)
    room = np.full(1, np.inf)
    corners = []
    for chosen in product(*(range(nodes.shape[2]) for nodes, _ in moves)):
        at, sign = _corner(place, moves, chosen, table.cells)
        at = _only_if_free(search, at, moves)
        there, gone = (at >= 0)[..., None], (at == _NO_MOVE)[..., None]
        price = np.where(there, search.cost[at[..., None], circuit], np.where(gone, _FAR, 0.0))
        cost = cost + price
        falls = (sign[..., None] * way) > 0
        spare = np.where(
            falls, search.room_down[at[..., None], circuit], search.room_up[at[..., None], circuit]
        )
        room = np.minimum(room, np.where(there, spare, np.inf))
        corners.append((at, np.where(at >= 0, sign, 0)))
    need = search.need(rows, items).reshape(-1, *[1] * (depth + 1))
    cost = np.where(room >= need - _NEAR, cost, _FAR)
    flat = cost.reshape(len(todo), -1)
    best = flat.argmin(axis=1)
    found = flat[np.arange(len(todo)), best] < _FAR / 2
    _give_up(search, rows[~found], items[~found])
    one = np.flatnonzero(found)
    if not len(one):
        return
    spot = [axis[one] for axis in np.unravel_index(best, cost.shape[1:])]
    at, sign = _chosen_corners(corners, one, spot[:-1])
    vector = search.circuits.signs[number[one, spot[-1]]] * turn[one, spot[-1]][:, None]
    _keep(search, at, sign[:, :, None] * vector[:, None, :])


def _give_up(search: _Search, rows: Array, items: Array) -> None:
    """Ask for less where that is allowed: that a cell is not known exactly; else leave it open."""
    if search.table.review:
        again = ~search.weak[rows, items]
        search.weak[rows[again], items[again]] = True
        rows = rows[~again]
        items = items[~again]
    search.failed[rows, items] = True


def _only_if_free(search: _Search, at: Array, moves: list[tuple[Array, Array]]) -> Array:
    """Rule out the boxes that stay on an axis at a cell that a total on this axis has in it."""
    for axis in range(len(moves)):
        bound = (at >= 0) & ~search.free[axis][at]
        bound[tuple([slice(None)] * (axis + 1) + [slice(0, -1)])] = False
        at = np.where(bound, -2, at)
    return at


def _chosen_corners(
    corners: list[tuple[Array, Array]], one: Array, spot: list[Array]
) -> tuple[Array, Array]:
    """Return the cells and the signs at the corners of the chosen boxes: one row per box."""
    taken = []
    for pair in corners:
        for found in pair:
            fits = [np.minimum(s, n - 1) for s, n in zip(spot, found.shape[1:], strict=True)]
            taken.append(found[(one, *fits)])
    return np.column_stack(taken[::2]), np.column_stack(taken[1::2])


def _keep(search: _Search, at: Array, change: Array) -> None:
    """Hide the cells of moves and note how far they prove that each of them may move.

    `at` has one row per move and one column per corner; `change` has the indicators on a third
    axis.
    """
    move, corner, item = np.nonzero(change)
    row, change = at[move, corner], change[move, corner, item]
    search.hide(row, item)
    values = search.table.values[row, item]
    threshold = search.table.threshold
    begins = np.r_[True, move[1:] != move[:-1]]
    first = np.flatnonzero(begins)
    length = np.diff(np.r_[first, len(move)])
    rises = change > 0
    can_fall = np.where(rises, np.inf, values - 1)
    should_rise = np.where(rises, np.maximum(1.0, threshold - values), 0.0)
    fall = np.minimum.reduceat(can_fall, first)
    wish = np.maximum.reduceat(should_rise, first)
    far = np.repeat(np.minimum(fall, wish), length)
    can_go_back = np.where(rises, values - 1, np.inf)
    least_back = np.minimum.reduceat(can_go_back, first)
    back = np.repeat(np.clip(least_back, 0, threshold), length)
    for moved in (values + far * change, values - back * change):
        np.maximum.at(search.up, (row, item), moved)
        np.minimum.at(search.down, (row, item), moved)
    search.moves.append((row, item, change, length, far, back))


def _places(cells: Array, count: int) -> Array:
    """Return the place of each row of values: block, then its place on each axis."""
    where = np.argwhere(cells >= 0)
    place = np.zeros((count, cells.ndim), dtype=np.int64)
    place[cells[tuple(where.T)]] = where
    return place


def _pick(search: _Search, todo: Array) -> Array:
    """Take some cells at once, of different blocks as far as can be: moves find each other."""
    block = search.place[todo[:, 0], 0]
    order = np.argsort(block, kind="stable")
    in_order = block[order]
    begins = np.r_[True, in_order[1:] != in_order[:-1]]
    edges = np.flatnonzero(begins)
    length = np.diff(np.r_[edges, len(todo)])
    rank = np.arange(len(todo)) - np.repeat(edges, length)
    turn = np.empty(len(todo), dtype=np.int64)
    turn[order] = rank
    each = max(1, AT_ONCE // len(edges))
    return todo[turn < each][:AT_ONCE]


def cover(table: Table, hidden: Array, touchable: Array) -> Cover:
    """Hide further cells until moves prove every hidden one; the rest is left for the exact way.

    Parameters
    ----------
    table : Table
    hidden : array of bool, shape of `table.values`
        What is hidden already: the small cells.
    touchable : array of bool
        What may be hidden as well.
    """
    search = _Search(table, hidden, touchable)
    while len(todo := search.needy()):
        _search_boxes(search, _pick(search, todo))
    return _without_spare(search, hidden)


def _without_spare(search: _Search, needed: Array) -> Cover:
    """Leave out the moves without which every cell stays proven, and show what they hid."""
    table = search.table
    values = table.values.ravel()
    moves = _Moves.of(search)
    change, length = moves.change, moves.length
    small = needed.ravel()
    kept = moves.needed(small, search.weak.ravel())
    used = np.repeat(kept, length)
    cell = moves.cell[used]
    hidden = small | (np.bincount(cell, minlength=len(values)) > 0)
    low, high = values.copy(), values.copy()
    np.maximum.at(high, cell, moves.highest[used])
    np.minimum.at(low, cell, moves.lowest[used])
    number = np.repeat(np.cumsum(kept) - 1, length)[used]
    shape = (len(values), int(kept.sum()))
    columns = sparse.csc_matrix((change[used], (cell, number)), shape=shape)
    grid = table.values.shape
    return Cover(hidden.reshape(grid), low.reshape(grid), high.reshape(grid), columns, search.weak)


@dataclass(frozen=True)
class _Moves:
    """All moves one after another: the cells of each, and how far these prove to rise and fall."""

    cell: Array
    change: Array
    length: Array
    highest: Array
    lowest: Array
    cells: int
    threshold: int

    @classmethod
    def of(cls, search: _Search) -> _Moves:
        """Return the moves that a search has kept."""
        values = search.table.values
        nothing = np.zeros(0, dtype=int)
        parts = [nothing] * 6
        if search.moves:
            parts = [np.concatenate(part) for part in zip(*search.moves, strict=True)]
        row, item, change, length, far, back = parts
        there = values[row, item] + far * change
        and_back = values[row, item] - back * change
        return cls(
            row * values.shape[1] + item,
            change,
            length,
            np.maximum(there, and_back),
            np.minimum(there, and_back),
            values.size,
            search.table.threshold,
        )

    def needed(self, small: Array, weak: Array) -> Array:
        """Return the moves without which a cell would not be proven, the last left out first."""
        cell = self.cell
        ends = np.r_[0, np.cumsum(self.length)].astype(int)
        enough = (self.highest >= self.threshold - _NEAR) | weak[cell]
        proves = enough & (self.highest - self.lowest >= 1 - _NEAR)
        proofs = np.bincount(cell[proves], minlength=self.cells)
        users = np.bincount(cell, minlength=self.cells)
        kept = np.ones(len(self.length), dtype=bool)
        for move in reversed(range(len(kept))):
            mine = slice(ends[move], ends[move + 1])
            cells = cell[mine]
            own = proofs[cells] - proves[mine]
            # A cell is safe without this move if another proves it, or if it is shown again.
            shown = (users[cells] == 1) & ~small[cells]
            safe = (own > 0) | shown | (proofs[cells] == 0)
            if safe.all():
                kept[move] = False
                proofs[cells] = own
                users[cells] -= 1
        return kept
