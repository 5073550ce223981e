// The processes of an application that doesn't run in the server's own.

import { h } from "./dom.js";
import { bytes, count, long, moment } from "./words.js";
import { part, state, table } from "./server.js";

const looks = { current: "good", starting: "warn", leaving: "warn", suspects: "" };

// workers are the processes, how the last ones died, and the pages that are
// suspected of it.
export function workers(app) {
  if (!app.workers) return null;
  const rows = app.workers.list.map(w => h("tr", { "data-key": "w" + w.number },
    h("th.number", { scope: "row" }, w.number), h("td.number", {}, w.pid || "–"),
    h("td", {}, state(w.role[0].toUpperCase() + w.role.slice(1), looks[w.role] ?? "")),
    h("td.number", {}, long(w.uptime_seconds)), h("td.number", {}, count(w.requests)), h("td.number", {}, count(w.inside)),
    h("td.number", {}, w.memory ? bytes(w.memory) : "–"),
    h("td.what", {}, h("span", {}, w.version || "–"), h("span.where", { title: w.program }, w.hash ?? "")),
    h("td.do", {}, h("button.small.danger", { type: "button", "data-do": "kill-worker", "data-app": app.path, "data-id": w.number,
      "aria-label": `Kill worker ${w.number}` }, "Kill…"))));
  return part("workers", "Workers", app.workers.words,
    rows.length ? table("Worker processes", ["#No.", "#Process", "State", "#Up for", "#Requests", "#Running", "#Memory", "Program", ""], rows)
      : h("p.card.nothing", {}, "No worker runs; the next request starts one."),
    app.workers.deaths.length > 0 && h("div", { "data-key": "deaths" }, deaths(app.workers.deaths)),
    app.workers.suspects.length > 0 && h("div", { "data-key": "suspects" }, suspects(app.workers.suspects)));
}

const deaths = list => h("details.card", { "data-key": "list" }, h("summary", {}, `How the last ones ended (${list.length})`),
  table("Ends of workers", ["#Worker", "#When", "Why", "#Requests lost"], list.map(d => h("tr", { "data-key": "d" + d.worker },
    h("th.number", { scope: "row" }, d.worker), h("td.number", {}, h("time", { datetime: d.time }, moment(d.time))),
    h("td.what", {}, h("span.url", {}, d.reason || d.exit), h("span.where", {}, (d.pages ?? []).join(", "))), h("td.number", {}, count(d.lost))))));

const suspects = list => table("Pages that ran when a worker died", ["Suspected page", "#Deaths", "Refused until", "#Good requests needed"],
  list.map(s => h("tr", { "data-key": "s" + s.page }, h("th", { scope: "row" }, h("span.code", {}, s.page)), h("td.number", {}, count(s.deaths)),
    h("td", {}, s.refused && !s.refused.startsWith("0001") ? moment(s.refused) : "–"), h("td.number", {}, count(s.needed)))));
