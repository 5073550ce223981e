// The overview of all applications, and the server's settings.

import { h } from "./dom.js";
import { count, rate } from "./words.js";
import { chart } from "./chart.js";
import { points } from "./trends.js";

// state writes a state as a mark and a word.
export const state = (word, look = "") =>
  h("span.state" + (look ? "." + look : ""), {}, h("span.mark", { "aria-hidden": "true" }), word);

// table is a table in a frame of its own that scrolls sideways where it must.
// Columns whose name starts with # hold numbers; an empty name has buttons.
export function table(name, columns, rows, extra = "") {
  const head = columns.map(c => c === ""
    ? h("th", { scope: "col" }, h("span.unseen", {}, "Action"))
    : h(c[0] === "#" ? "th.number" : "th", { scope: "col" }, c.replace("#", "")));
  return h("div.scroll.card", { tabindex: "0", role: "region", "aria-label": name },
    h("table" + extra, {}, h("caption.unseen", {}, name), h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows)));
}

// part is a section with a heading and what is said beside it.
export function part(key, title, aside, ...inside) {
  return h("section.part", { "data-key": key, "aria-labelledby": "title-" + key },
    h("div.line", {}, h("h3", { id: "title-" + key }, title), aside && h("span.aside", {}, aside)), inside);
}

// overview is a table of the applications; the chosen one is shown below it.
export function overview(server, trends, chosen) {
  const rows = server.applications.map(app => {
    const trend = trends.of(app.path);
    const now = trend.at(-1)?.requests ?? null;
    return h("tr" + (app.path === chosen ? ".chosen" : ""), { "data-key": app.path },
      h("th", { scope: "row" }, h("a", { href: "#" + encodeURI(app.path), "aria-current": app.path === chosen ? "true" : null }, app.path)),
      h("td", {}, state(app.word, app.look), app.problems.length > 0 && h("span.tag.bad", {}, "problem")),
      h("td", {}, app.isolation),
      h("td.number", {}, `${count(app.busy)} of ${count(app.apartments.length)}`),
      h("td.number", {}, count(app.waiting.length)),
      h("td.number", {}, app.sessions.count < 0 ? "–" : count(app.sessions.count)),
      h("td.number", {}, count(app.counts.requests)),
      h("td.number", {}, count(app.counts.failed)),
      h("td.number", {}, rate(now)),
      h("td.trend", {}, chart("Requests each second", trend.map(p => p.requests), 0, points, rate)));
  });
  return h("section.part", { "data-key": "overview", "aria-labelledby": "title-overview" },
    h("h2", { id: "title-overview" }, "Applications"),
    table("Applications", ["Path", "State", "Isolation", "#Busy", "#Waiting", "#Sessions", "#Requests", "#Failed", "#Per second", "Last minutes"], rows, ".overview"));
}

// settings shows the process, and what is in force; secrets arrive masked.
export function settings(server) {
  const rows = server.settings.map(s => h("tr", { "data-key": s.application + " " + s.name },
    h("th", { scope: "row" }, h("span.code", {}, s.name)),
    h("td.what", {}, h("span.code", {}, s.value === "" ? "–" : s.value)),
    h("td", {}, s.application || "all"), h("td", {}, s.origin || "default")));
  return h("section.part", { "data-key": "settings", "aria-labelledby": "title-settings" },
    h("div.line", {}, h("h2", { id: "title-settings" }, "Server"),
      h("div.tools.aside", {}, h("button", { type: "button", "data-do": "reload-config" }, "Read naja.toml again"))),
    h("div.card", {},
      h("dl.facts.across", {}, server.facts.map(([name, what]) => h("div", {}, h("dt", {}, name), h("dd", {}, what)))),
      h("details", { "data-key": "list" },
        h("summary", {}, `Settings in force (${server.settings.length})`),
        table("Settings in force", ["Setting", "Value", "Application", "From"], rows))));
}
