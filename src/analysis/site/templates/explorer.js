"use strict";
// The explorer: values of one indicator as points with ranges, as a table, and as files.
// A line joins two points only where the data say so (`joined`), never across register, stage, scope or vote.
(() => {
const root = document.querySelector(".explorer");
const D = window.OPENNESS_DATA, W = window.OPENNESS_WORDS;
if (!root || !D || !W) return;

const $ = name => root.querySelector(`[data-part="${name}"]`);
const HOURS = "interim", ALL = "all", MOST_LINES = 8, MOST_PERIODS = 8, MOST_DRAWN = 400;
const COLOURS = {
  light: ["#0b5c7d", "#b5541c", "#4d7a3a", "#8a3b75", "#6b6256", "#8f7000", "#2f4b9b", "#b8303f"],
  dark: ["#7cc4e0", "#f0a36b", "#9ccc84", "#d79ac6", "#b9b0a2", "#e0c04c", "#96aef0", "#f08a96"],
};
const INK = {light: ["#1d2733", "#5b6470", "#ddd9d0"], dark: ["#e6e3dc", "#a9b0b8", "#39424c"]};
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const scheme = () => dark.matches ? "dark" : "light";
const fill = (said, values) => said.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const say = (key, values = {}) => fill(W.say[key], values);
const unique = list => [...new Set(list)];

// --- numbers, as Babel writes them ---------------------------------------------------------------
const trimmed = (value, digits) => {
  const [whole, part = ""] = Math.abs(value).toFixed(digits).split(".");
  const rest = part.replace(/0+$/, "");
  return [whole, rest ? W.numbers.decimal + rest : ""];
};
const number = value => {
  const [whole, part] = trimmed(value, 3);
  return (value < 0 ? "−" : "") + whole.replace(/\B(?=(\d{3})+$)/g, W.numbers.group) + part;
};
const share = value => (value < 0 ? "−" : "") + trimmed(value * 100, 2).join("") + W.numbers.percent;
const bare = (value, unit) => {
  if (unit === "share") return share(value);
  if (unit === "change") return (value > 0 ? "+" : "") + share(value);
  return number(value);
};
const valueWords = row => {
  const value = bare(row.value, row.unit);
  if (row.precision === "at_least" || row.precision === "at_most") return fill(W.value[row.precision], {value});
  const said = row.precision === "rounded" ? fill(W.value.rounded_words, {value}) : value;
  if (row.low === null || row.high === null || row.low >= row.high) return said;
  return fill(W.value.range_words, {value: said, low: bare(row.low, row.unit), high: bare(row.high, row.unit)});
};

// --- rows ----------------------------------------------------------------------------------------
const code = (name, n) => D.codes[name][D.rows[name][n]];
const bound = (name, n) => n in D[name] ? D[name][n] : D.value[n];
const placeRank = new Map(W.order.map(([place], rank) => [place, rank]));
const middle = (start, end) => {
  const first = Date.parse(start || end), last = Date.parse(end);
  return 1970 + (first + last) / 2 / 31556952000;
};
function rowOf(n) {
  const period = code("period", n), [start, end] = period.split("/");
  const part = code("part_code", n), hour = code("as_of", n);
  return {
    n, part, start, end, hour, period: W.period[period], place: code("place_id", n), placeNumber: D.rows.place_id[n],
    name: W.place[D.rows.place_id[n]], vote: code("vote", n), unit: code("unit", n), value: D.value[n],
    low: bound("low", n), high: bound("high", n), precision: code("precision", n), joined: D.joined[n],
    disagreement: code("disagreement", n), publishers: D.n_publishers[n], producers: D.n_producers[n],
    confidence: code("confidence", n), sources: [].concat(D.sources[n]), year: Number(end.slice(0, 4)),
    x: D.parts[part][4] === HOURS ? (parseFloat(hour) || 7) : middle(start, end),
  };
}
const rowsOf = indicator => {
  const number = D.codes.indicator.indexOf(indicator), found = [];
  D.rows.indicator.forEach((own, n) => { if (own === number) found.push(rowOf(n)); });
  return found;
};
const isHours = part => part !== ALL && D.parts[part][4] === HOURS;
const quality = row => {
  const said = [];
  if (row.publishers < 2) said.push(say("good_one"));
  else if (row.disagreement) said.push(say("good_differ"));
  else said.push(say(row.producers > 1 ? "good_agree" : "good_copied"));
  if (row.precision === "rounded") said.push(say("good_rounded"));
  if (row.precision === "at_least" || row.precision === "at_most") said.push(say("good_bound"));
  if (row.confidence !== "high") said.push(say("good_secondary"));
  return said.join("; ");
};

// --- state: what is shown, kept in the address ---------------------------------------------------
if (window.matchMedia("(max-width: 52rem)").matches) $("choice").open = false;
const fixed = root.dataset.indicator;
let state, every = [], shown = [];
function readAddress() {
  const asked = {};
  for (const pair of location.hash.slice(1).split("&")) {
    const [name, value] = pair.split("=");
    if (value !== undefined) asked[name] = decodeURIComponent(value);
  }
  return asked;
}
function usualPart(rows) {
  const counts = new Map();
  for (const row of rows) if (!isHours(row.part)) counts.set(row.part, (counts.get(row.part) || 0) + 1);
  const parts = [...counts].sort((a, b) => b[1] - a[1] || a[0].length - b[0].length);
  return parts.length ? parts[0][0] : rows[0].part;
}
const ofPart = (rows, part) => part === ALL ? rows : rows.filter(row => row.part === part);
const isWide = place => !/\/|^\d/.test(place);
function usualPlaces(rows) {
  const places = unique(rows.map(row => row.place)), wide = places.filter(isWide);
  if (rows[0].unit === "count" && wide.length > 2) return wide.filter(place => place !== "KZ");  // a sum hides its parts
  return wide.length ? wide : places;
}
const stepsOf = rows => unique(rows.map(row => isHours(state.part) ? row.hour : row.year)).sort((a, b) =>
  isHours(state.part) ? (parseFloat(a) || 0) - (parseFloat(b) || 0) : a - b);
function stateFrom(asked) {
  const known = name => D.codes.indicator.includes(name);
  const indicator = known(asked.indicator) ? asked.indicator : fixed || root.dataset.first;
  every = rowsOf(indicator);
  const parts = new Set(every.map(row => row.part));
  const part = parts.has(asked.part) || asked.part === ALL ? asked.part : usualPart(every);
  state = {indicator, part, embed: asked.embed === "1"};
  const rows = ofPart(every, part), there = new Set(rows.map(row => row.place));
  const places = (asked.places || "").split("~").filter(place => there.has(place));
  state.places = asked.places === "" ? [] : places.length ? places : usualPlaces(rows);
  const steps = stepsOf(rows).map(String);
  state.from = steps.includes(asked.from) ? asked.from : steps[0];
  state.to = steps.includes(asked.to) ? asked.to : steps[steps.length - 1];
}
function hashOf(embed) {
  const pairs = [["indicator", state.indicator], ["part", state.part], ["places", state.places.join("~")],
    ["from", state.from], ["to", state.to]];
  if (embed) pairs.push(["embed", "1"]);
  return "#" + pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
}
function select() {
  const places = new Set(state.places), steps = stepsOf(ofPart(every, state.part)).map(String);
  const [first, last] = [steps.indexOf(state.from), steps.indexOf(state.to)];
  shown = ofPart(every, state.part).filter(row => {
    const step = steps.indexOf(String(isHours(state.part) ? row.hour : row.year));
    return places.has(row.place) && step >= first && step <= last;
  });
  shown.sort((a, b) => placeRank.get(a.placeNumber) - placeRank.get(b.placeNumber) || a.n - b.n);
}

// --- controls ------------------------------------------------------------------------------------
const element = (name, attributes = {}, ...inside) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
};
const option = (value, words, chosen) => {
  const made = element("option", {value}, words);
  made.selected = value === chosen;
  return made;
};
function fillControls() {
  if ($("indicator")) $("indicator").value = state.indicator;
  const counts = new Map();
  for (const row of every) counts.set(row.part, (counts.get(row.part) || 0) + 1);
  const parts = [...counts.keys()].sort((a, b) => isHours(a) - isHours(b) || counts.get(b) - counts.get(a));
  const options = parts.map(part => option(part, `${W.part[part]} (${number(counts.get(part))})`, state.part));
  if (parts.length > 1) options.push(option(ALL, say("all_parts"), state.part));
  $("part").replaceChildren(...options);
  const steps = stepsOf(ofPart(every, state.part)).map(String);
  for (const end of ["from", "to"]) $(end).replaceChildren(...steps.map(step => option(step, step, state[end])));
  for (const end of ["from", "to"]) $(end).disabled = steps.length < 2;
  fillPlaces();
}
function fillPlaces() {
  const there = new Set(ofPart(every, state.part).map(row => row.placeNumber)), chosen = new Set(state.places);
  $("places").replaceChildren(...W.order.filter(([place]) => there.has(place)).map(([place, depth]) => {
    const box = element("input", {type: "checkbox", value: D.codes.place_id[place]});
    box.checked = chosen.has(box.value);
    return element("li", {class: depth ? "inside" : ""}, element("label", {}, box, " ", W.place[place]));
  }));
  filterPlaces();
}
function filterPlaces() {
  const plain = window.OPENNESS_PLAIN || (said => said.toLowerCase());
  const asked = plain($("filter").value);
  for (const item of $("places").children) item.hidden = Boolean(asked) && !plain(item.textContent).includes(asked);
}
function readPlaces() {
  state.places = [...$("places").querySelectorAll("input:checked")].map(box => box.value);
}

// --- drawing -------------------------------------------------------------------------------------
const SVG = "http://www.w3.org/2000/svg";
const draw = (name, attributes, ...inside) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
};
function ticks(low, high, wanted) {
  const raw = (high - low) / wanted || 1, size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(by => by * size).find(one => one >= raw * 0.999);
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at++) found.push(+(at * step).toPrecision(12));
  return found;
}
function extent(rows) {
  const numbers = rows.flatMap(row => [row.value, row.low, row.high]).filter(value => value !== null);
  let low = Math.min(...numbers), high = Math.max(...numbers);
  const room = (high - low) * 0.06 || Math.abs(high) * 0.1 || 1;
  const isCount = low >= 0;
  low = isCount ? Math.max(0, low - room) : low - room;
  const isShare = rows[0].unit === "share" && high <= 1;
  return [low, isShare ? Math.min(1, high + room) : high + room];
}
const SHAPES = [
  (x, y) => draw("circle", {cx: x, cy: y, r: 4.5}),
  (x, y) => draw("rect", {x: x - 4, y: y - 4, width: 8, height: 8}),
  (x, y) => draw("path", {d: `M${x} ${y - 5.5}l5 9h-10z`}),
  (x, y) => draw("path", {d: `M${x} ${y - 5.5}l5.5 5.5l-5.5 5.5l-5.5 -5.5z`}),
];
function mark(x, y, kind, colour, paper, exact) {
  const made = SHAPES[kind % SHAPES.length](x, y);
  made.setAttribute("fill", exact ? colour : paper);
  made.setAttribute("stroke", colour);
  made.setAttribute("stroke-width", 2);
  return made;
}
const isExact = row => row.precision === "as_printed";
const detailOf = row => [row.name, state.part === ALL ? W.part[row.part] : "", row.vote ? W.vote[row.vote] : "",
  row.hour ? `${row.period}, ${row.hour}` : row.period].filter(Boolean).join(", ") + ": " + valueWords(row);
const paperOf = () => scheme() === "dark" ? "#1b2128" : "#ffffff";
function point(row, at, range, kind, colour) {
  const group = draw("g", {class: "point", role: "img", tabindex: "-1", "aria-label": detailOf(row), "data-row": row.n});
  group.append(draw("circle", {cx: at[0], cy: at[1], r: 12, fill: "transparent"}));
  if (range) group.append(draw("line", {x1: range[0], y1: range[1], x2: range[2], y2: range[3], stroke: colour, "stroke-width": 2.5, "stroke-opacity": 0.55}));
  group.append(mark(at[0], at[1], kind, colour, paperOf(), isExact(row)));
  return group;
}
const hasRange = row => row.low !== null && row.high !== null && row.low < row.high;
const label = (x, y, words, anchor, colour, size = 12) =>
  draw("text", {x, y, "text-anchor": anchor, fill: colour, "font-size": size, "font-family": "sans-serif"}, words);

function drawTime(width) {
  const [ink, grey, line] = INK[scheme()], height = Math.min(420, Math.max(260, width * 0.55));
  const [low, high] = extent(shown), unit = shown[0].unit, hours = isHours(state.part);
  const marksY = ticks(low, high, 5), left = 14 + 7 * Math.max(...marksY.map(value => bare(value, unit).length));
  const first = hours ? Math.min(...shown.map(row => row.x)) - 0.5 : Math.floor(Math.min(...shown.map(row => row.x)));
  const last = hours ? Math.max(...shown.map(row => row.x)) + 0.5 : Math.floor(Math.max(...shown.map(row => row.x))) + 1;
  const x = value => left + (value - first) / (last - first) * (width - left - 12);
  const y = value => height - 34 - (value - low) / (high - low) * (height - 48);
  const parts = marksY.flatMap(value => [
    draw("line", {x1: left, x2: width - 8, y1: y(value), y2: y(value), stroke: line}),
    label(left - 6, y(value) + 4, bare(value, unit), "end", grey)]);
  const every_ = Math.ceil((last - first) * 44 / (width - left));
  const marksX = hours ? unique(shown.map(row => row.x)) : Array.from({length: last - first}, (_, n) => first + n);
  marksX.forEach((value, n) => {
    if (!hours) parts.push(draw("line", {x1: x(value), x2: x(value), y1: height - 34, y2: n % every_ ? height - 30 : height - 26, stroke: line}));
    if (!hours && n % every_) return;
    parts.push(label(x(hours ? value : value + 0.5), height - 12, hours ? `${value}:00` : String(value), "middle", grey));
  });
  const places = unique(shown.map(row => row.place)), colours = COLOURS[scheme()], byNumber = new Map(shown.map(row => [row.n, row]));
  for (const row of shown) {
    const before = byNumber.get(row.n - 1), colour = colours[places.indexOf(row.place)];
    if (row.joined && before) parts.push(draw("line", {class: "joined", "data-to": row.n, x1: x(before.x), y1: y(before.value), x2: x(row.x), y2: y(row.value), stroke: colour, "stroke-width": 2}));
  }
  const points = shown.map(row => {
    const n = places.indexOf(row.place), at = [x(row.x), y(row.value)];
    const range = hasRange(row) && [at[0], y(row.low), at[0], y(row.high)];
    return point(row, at, range, n, colours[n]);
  });
  return [height, parts, points, places.map((place, n) => [W.place[D.codes.place_id.indexOf(place)], n])];
}

function drawDots(width) {
  const [ink, grey, line] = INK[scheme()], colours = COLOURS[scheme()];
  const rowKey = row => row.place + "|" + (state.part === ALL ? row.part : "");
  const drawn = shown.slice(0, MOST_DRAWN), keys = unique(drawn.map(rowKey)), unit = drawn[0].unit;
  const periodOf = row => row.hour ? `${row.period}, ${row.hour}` : row.period;
  const periods = unique([...drawn].sort((a, b) => a.x - b.x).map(periodOf)), few = periods.length <= MOST_PERIODS;
  const nameOf = row => row.name + (state.part === ALL ? ` — ${W.part[row.part]}` : "");
  const names = keys.map(key => nameOf(drawn.find(row => rowKey(row) === key)));
  const longest = Math.max(...names.map(name => name.length)) * 6.6, narrow = longest > width * 0.42;
  const left = narrow ? 10 : longest + 16, step = narrow ? 40 : 26, top = 10, height = top + keys.length * step + 34;
  const [low, high] = extent(drawn), x = value => left + (value - low) / (high - low) * (width - left - 24);
  const parts = ticks(low, high, Math.max(2, Math.floor((width - left) / 110))).flatMap(value => [
    draw("line", {x1: x(value), x2: x(value), y1: top, y2: height - 30, stroke: line}),
    label(x(value), height - 12, bare(value, unit), "middle", grey)]);
  names.forEach((name, n) => {
    const y = top + n * step + (narrow ? 13 : step / 2 + 4);
    parts.push(label(narrow ? 4 : left - 10, y, name.slice(0, Math.floor((narrow ? width : longest + 20) / 6.4)), narrow ? "start" : "end", ink));
  });
  const points = drawn.map(row => {
    const y = top + keys.indexOf(rowKey(row)) * step + (narrow ? 27 : step / 2), n = few ? periods.indexOf(periodOf(row)) : 0;
    const range = hasRange(row) && [x(row.low), y, x(row.high), y];
    return point(row, [x(row.value), y], range, n, colours[n]);
  });
  return [height, parts, points, few && periods.length > 1 ? periods.map((words, n) => [words, n]) : []];
}

function drawView() {
  const width = Math.max(300, Math.floor($("plot").clientWidth || 720));
  const steps = unique(shown.map(row => row.x)).length, places = unique(shown.map(row => row.place)).length;
  const isTime = state.part !== ALL && steps > 1 && places <= MOST_LINES;
  const [height, parts, points, legend] = isTime ? drawTime(width) : drawDots(width);
  const svg = draw("svg", {viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": `${titleOf()}. ${say("how")}`});
  svg.append(draw("g", {"aria-hidden": "true"}, ...parts), ...points);
  if (points.length) points[0].setAttribute("tabindex", "0");
  $("plot").replaceChildren(svg);
  $("legend").replaceChildren(...legend.map(([words, n]) => {
    const key = draw("svg", {width: 16, height: 14, "aria-hidden": "true"}, mark(8, 7, n, COLOURS[scheme()][n], paperOf(), true));
    return element("li", {}, key, " ", words);
  }));
  const left = shown.length - points.length;
  $("left").textContent = left > 0 ? say("too_many", {n: number(left)}) : "";
  return svg;
}

// --- the same as a table -------------------------------------------------------------------------
const titleOf = () => `${W.indicator[D.codes.indicator.indexOf(state.indicator)]} — ${state.part === ALL ? say("all_parts") : W.part[state.part]}`;
const columnsShown = () => [
  ["col_place", row => row.name, true],
  ["col_part", row => W.part[row.part], state.part === ALL],
  ["col_vote", row => row.vote ? W.vote[row.vote] : "", shown.some(row => row.vote)],
  ["col_period", row => row.period, true],
  ["col_hour", row => row.hour, shown.some(row => row.hour)],
  ["col_value", valueWords, true],
  ["col_quality", quality, true],
].filter(([, , wanted]) => wanted);
function fillTable() {
  const columns = columnsShown(), numbers = unique(shown.flatMap(row => row.sources));
  const head = element("tr", {role: "row"}, ...[...columns.map(([key]) => key), "col_sources"].map(key => element("th", {scope: "col", role: "columnheader"}, say(key))));
  const body = shown.map(row => {
    const cells = columns.map(([key, words]) => element("td", {role: "cell", "data-label": say(key)}, words(row) || "–"));
    const links = row.sources.flatMap(source => {
      const n = numbers.indexOf(source) + 1;
      return [element("a", {href: `#source-${n}`, "data-source": n, "aria-label": `${say("col_source")} ${n}`}, `[${n}]`), " "];
    });
    return element("tr", {role: "row", "data-row": row.n}, ...cells, element("td", {role: "cell", "data-label": say("col_sources")}, ...links));
  });
  $("table").replaceChildren(element("caption", {}, titleOf()), element("thead", {role: "rowgroup"}, head), element("tbody", {role: "rowgroup"}, ...body));
  $("sources").replaceChildren(...numbers.map((source, n) => {
    const [, url, title, publisher, published] = D.source[source];
    const words = published ? W.published[published] || published : say("undated");
    const name = element("cite", {}, title || publisher);
    const where = /^https?:/.test(url) ? element("a", {href: url, rel: "noopener"}, name) : name;
    return element("li", {id: `source-${n + 1}`, tabindex: "-1"}, where, ` ${publisher}, ${words}`);
  }));
}

// --- files ---------------------------------------------------------------------------------------
const RELEASED = ["dataset", "indicator", "unit", "period_start", "period_end", "as_of", "place_id", "place",
  "register", "office", "vote", "breakdown", "breakdown_value", "stage", "value", "low", "high", "precision",
  "rule", "n_figures", "n_publishers", "n_producers", "disagreement", "confidence", "sources"];
const PARTS = ["register", "office", "breakdown", "breakdown_value", "stage"];
function released(row) {
  const parts = D.parts[row.part];
  const own = {
    indicator: state.indicator, period_start: row.start, period_end: row.end, as_of: row.hour, place: row.name,
    value: row.value, low: row.low, high: row.high, n_figures: D.n_figures[row.n], n_publishers: row.publishers,
    n_producers: row.producers, sources: row.sources.map(source => D.source[source][0]).join(" "),
  };
  PARTS.forEach((name, n) => { own[name] = parts[n]; });
  return RELEASED.map(name => name in own ? own[name] : code(name, row.n));
}
const csvCell = cell => {
  const words = cell === null || cell === undefined ? "" : String(cell);
  const safe = typeof cell === "string" && /^[=+\-@\t\r]/.test(words) ? "'" + words : words;
  return /[",\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
};
const csv = () => "\ufeff" + [RELEASED, ...shown.map(released)].map(cells => cells.map(csvCell).join(",")).join("\r\n") + "\r\n";
function save(content, type, ending) {
  const link = element("a", {href: URL.createObjectURL(new Blob([content], {type})), download: `${state.indicator}.${ending}`});
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
function sheets() {
  const heads = [...columnsShown().map(([key]) => key), "col_low", "col_high", "col_sources"].map(key => say(key));
  const isShare = row => row.unit === "share" || row.unit === "change";
  const lines = shown.map(row => [
    ...columnsShown().map(([key, words]) => key === "col_value" ? {number: row.value, share: isShare(row)} : words(row)),
    ...[row.low, row.high].map(value => value === null ? "" : {number: value, share: isShare(row)}),
    row.sources.map(source => D.source[source][0]).join(" ")]);
  const used = unique(shown.flatMap(row => row.sources)).map(source => D.source[source]);
  return {
    [say("col_value")]: [heads, ...lines],
    [say("sources_sheet")]: [["source_id", say("col_address"), say("col_source"), "", say("col_published")], ...used],
  };
}
function standalone() {
  const copy = $("plot").querySelector("svg").cloneNode(true);
  const [width, height] = ["width", "height"].map(name => Number(copy.getAttribute(name)));
  const legend = [...$("legend").children].map(item => item.textContent.trim());
  const lines = [titleOf(), ...legend.length ? [] : [], `${shareSources()}`];
  const room = 30, below = 26 + 20 * Math.ceil(legend.length / 2);
  const box = draw("svg", {xmlns: SVG, width, height: height + room + below, viewBox: `0 0 ${width} ${height + room + below}`});
  const [ink, grey] = INK[scheme()];
  box.append(draw("rect", {width, height: height + room + below, fill: paperOf()}), label(8, 20, lines[0], "start", ink, 14));
  copy.setAttribute("y", room);
  copy.querySelectorAll("[tabindex]").forEach(item => item.removeAttribute("tabindex"));
  box.append(copy);
  legend.forEach((words, n) => {
    const [x, y] = [8 + (n % 2) * width / 2, room + height + 14 + Math.floor(n / 2) * 20];
    box.append(mark(x + 6, y - 4, n, COLOURS[scheme()][n], paperOf(), true), label(x + 18, y, words, "start", ink));
  });
  box.append(label(8, height + room + below - 8, lines[1], "start", grey, 10));
  return new XMLSerializer().serializeToString(box);
}
const shareSources = () => `governance-openness ${D.version}; ` + unique(shown.flatMap(row => row.sources)).slice(0, 3).map(source => D.source[source][3]).join("; ");
function savePicture() {
  const picture = new Image();
  picture.onload = () => {
    const canvas = element("canvas", {width: picture.width * 2, height: picture.height * 2});
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(blob => save(blob, "image/png", "png"));
  };
  picture.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(standalone());
}
const SAVE = {
  csv: () => save(csv(), "text/csv;charset=utf-8", "csv"),
  xlsx: () => save(window.OPENNESS_XLSX(sheets()), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
  svg: () => save(standalone(), "image/svg+xml", "svg"),
  png: savePicture,
};

// --- all together --------------------------------------------------------------------------------
let written = "";
function show({isFirst = false} = {}) {
  select();
  document.body.classList.toggle("embedded", state.embed);
  $("title").textContent = titleOf();
  const empty = !shown.length;
  for (const name of ["plot", "legend", "table", "sources"]) $(name).hidden = empty;
  if (empty) $("left").textContent = ""; else { drawView(); fillTable(); }
  const hollow = shown.some(row => !isExact(row));
  $("hollow").hidden = !hollow;
  const values = {title: titleOf(), places: number(unique(shown.map(row => row.place)).length), values: number(shown.length), from: state.from, to: state.to};
  $("said").textContent = empty ? say("nothing") : say("changed", values);
  const here = location.href.split("#")[0], page = here;
  $("address").value = page + hashOf(false);
  $("embed").value = `<iframe src="${(page + hashOf(true)).replace(/&/g, "&amp;")}" title="${titleOf().replace(/"/g, "&quot;")}" width="100%" height="520" loading="lazy"></iframe>`;
  $("open").href = page + hashOf(false);
  for (const link of document.querySelectorAll("a[data-keeps-view]")) link.href = link.getAttribute("href").split("#")[0] + hashOf(false);
  written = hashOf(state.embed);
  if (!isFirst && location.hash !== written) location.replace(written);
}
function changed(what) {
  const rows = ofPart(every, state.part), there = new Set(rows.map(row => row.place));
  if (what === "part") {
    const kept = state.places.filter(place => there.has(place));
    state.places = kept.length ? kept : usualPlaces(rows);
    const steps = stepsOf(rows).map(String);
    [state.from, state.to] = [steps[0], steps[steps.length - 1]];
    fillControls();
  }
  if (what === "places") readPlaces();
  show();
}
function move(event) {
  const by = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
  const points = [...$("plot").querySelectorAll(".point")], here = points.indexOf(document.activeElement);
  const to = event.key === "Home" ? 0 : event.key === "End" ? points.length - 1 : here + by;
  if (here < 0 || !(to >= 0 && to < points.length)) return;
  event.preventDefault();
  points[here].setAttribute("tabindex", "-1");
  points[to].setAttribute("tabindex", "0");
  points[to].focus();
}
function tell(event) {
  const group = event.target.closest && event.target.closest(".point");
  if (group) $("detail").textContent = `${group.getAttribute("aria-label")}. ${quality(rowOf(Number(group.dataset.row)))}.`;
}
if ($("indicator")) $("indicator").addEventListener("change", event => {
  stateFrom({indicator: event.target.value});
  fillControls();
  show();
});
$("part").addEventListener("change", event => { state.part = event.target.value; changed("part"); });
$("places").addEventListener("change", () => changed("places"));
$("filter").addEventListener("input", filterPlaces);
for (const end of ["from", "to"]) $(end).addEventListener("change", event => {
  state[end] = event.target.value;
  const steps = stepsOf(ofPart(every, state.part)).map(String);
  if (steps.indexOf(state.from) > steps.indexOf(state.to)) [state.from, state.to] = [event.target.value, event.target.value];
  $("from").value = state.from; $("to").value = state.to;
  changed(end);
});
for (const button of root.querySelectorAll("[data-choose]")) button.addEventListener("click", () => {
  const rows = ofPart(every, state.part);
  state.places = {none: [], wide: usualPlaces(rows), all: unique(rows.map(row => row.place))}[button.dataset.choose];
  fillPlaces();
  show();
});
for (const button of root.querySelectorAll("[data-save]")) button.addEventListener("click", () => SAVE[button.dataset.save]());
$("table").addEventListener("click", event => {
  const link = event.target.closest("a[data-source]");
  if (!link) return;
  event.preventDefault();  // the address holds the view
  const source = document.getElementById(`source-${link.dataset.source}`);
  source.scrollIntoView({block: "center"});
  source.focus();
});
$("plot").addEventListener("keydown", move);
for (const kind of ["focusin", "mouseover", "click"]) $("plot").addEventListener(kind, tell);
window.addEventListener("hashchange", () => {
  if (location.hash === written) return;
  stateFrom(readAddress());
  fillControls();
  show();
});
dark.addEventListener("change", () => { if (shown.length) drawView(); });
let lastWidth = 0;
new ResizeObserver(() => {
  const width = $("plot").clientWidth;
  if (width && width !== lastWidth && shown.length) { lastWidth = width; drawView(); }
}).observe($("plot"));
// For the tests: how a row is said.
window.OPENNESS_SAID = n => valueWords(rowOf(n));
stateFrom(readAddress());
fillControls();
show({isFirst: true});
})();
