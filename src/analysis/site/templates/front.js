"use strict";
// The front page: the search, and what the map is coloured by.
(() => {
const plain = window.OPENNESS_PLAIN, places = window.OPENNESS_PLACES;
const field = document.getElementById("search"), list = document.getElementById("search-found");
const said = document.getElementById("search-said"), MOST = 12;

// One letter more, less or other, as the gazetteer allows for names of five letters and more.
function nearly(name, asked) {
  if (asked.length < 5 || Math.abs(name.length - asked.length) > 1) return false;
  let start = 0, end = 0;
  while (start < Math.min(name.length, asked.length) && name[start] === asked[start]) start++;
  while (end < Math.min(name.length, asked.length) - start && name.at(-1 - end) === asked.at(-1 - end)) end++;
  return Math.max(name.length, asked.length) - start - end <= 1;
}
function scoreOf(names, asked) {
  let best = 0;
  for (const name of names) {
    if (name === asked) best = Math.max(best, 4);
    else if (name.startsWith(asked)) best = Math.max(best, 3);
    else if (` ${name}`.includes(` ${asked}`)) best = Math.max(best, 2);
    else if (nearly(name, asked)) best = Math.max(best, 1);
  }
  return best;
}
function search() {
  const asked = plain(field.value);
  const scored = asked ? places.map((place, n) => [scoreOf(place[3], asked), n]).filter(([score]) => score) : [];
  scored.sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  list.replaceChildren(...scored.slice(0, MOST).map(([, n]) => {
    const [name, where, href] = places[n], item = document.createElement("li"), link = document.createElement("a");
    link.href = href;
    link.textContent = name;
    item.append(link);
    if (where) item.append(` ${where}`);
    return item;
  }));
  said.textContent = !field.value.trim() ? "" : scored.length ? said.dataset.found.replace("{n}", scored.length) : said.dataset.none;
}
field.addEventListener("input", search);

const layers = JSON.parse(document.getElementById("map-data").textContent);
const choice = document.getElementById("map-by"), legend = document.getElementById("map-legend");
function colour() {
  const layer = layers[choice.value];
  for (const tile of document.querySelectorAll(".map a")) {
    const [words, step] = layer.places[tile.dataset.place];
    tile.dataset.step = step;
    tile.querySelector("b").textContent = words;
    tile.setAttribute("aria-label", `${tile.dataset.name}: ${words}`);
  }
  legend.replaceChildren(...layer.legend.map(([step, words]) => {
    const item = document.createElement("li");
    item.dataset.step = step;
    item.textContent = words;
    return item;
  }));
  document.getElementById("map-note").textContent = layer.note;
}
choice.addEventListener("change", colour);
if (choice.selectedIndex > 0) colour();  // a browser that comes back keeps the choice
if (field.value) search();
})();
