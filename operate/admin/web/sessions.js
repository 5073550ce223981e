// The list of an application's sessions, fetched when somebody asks for it.

import { h } from "./dom.js";
import { bytes, moment } from "./words.js";
import { state, table } from "./server.js";
import { getJSON, say, show } from "./act.js";

const url = (path, fields) => "/sessions.json?" + new URLSearchParams({ application: path, ...fields });

let asked = 0; // how often for a list: the last one is shown

// list shows a page of sessions, from after a session on. One that ends is there
// until its Session_OnEnd has run: then the list is looked at again.
export async function list(app, after = "") {
  const mine = ++asked;
  const place = document.getElementById("session-list");
  const page = await getJSON(url(app.path, after ? { after } : {})).catch(e => say(false, e.message));
  if (!page || !place || mine !== asked) return;
  const sessions = page.sessions ?? [];
  const button = (what, word, s, look = "") => h("button.small" + look, { type: "button", "data-do": what, "data-app": app.path,
    "data-id": s.id, "aria-label": `${word.replace("…", "")} session ${s.id}` }, word);
  const rows = sessions.map(s => h("tr", { "data-key": s.id },
    h("th", { scope: "row" }, h("span.code", {}, s.id)),
    h("td", {}, s.ending ? state("Ends", "warn") : s.in_use ? state("In use", "good") : state("Idle")),
    h("td.number", {}, bytes(s.bytes)),
    h("td.number", {}, h("time", { datetime: s.created }, moment(s.created))),
    h("td.number", {}, s.ending || h("time", { datetime: s.expires }, moment(s.expires))),
    h("td.do", {}, button("inspect", "Inspect…", s), " ", button("sessions/end", "End…", s, ".danger"))));
  const more = page.next ? h("button.small", { type: "button", "data-do": "sessions", "data-app": app.path, "data-id": page.next }, "More") : "";
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset : {};
  place.replaceChildren(rows.length ? table("Sessions", ["Session", "State", "#Size", "#Began", "#Ends", ""], rows)
    : h("p.card.nothing", {}, "There are no sessions."), more);
  if (focused.id) place.querySelector(`[data-do="${focused.do}"][data-id="${CSS.escape(focused.id)}"]`)?.focus();
  if (sessions.some(s => s.ending)) setTimeout(() => mine === asked && place.isConnected && list(app, after), 1000);
}

// inspect shows one session: names and sizes, values where they may be seen.
export async function inspect(app, id) {
  const s = (await getJSON(url(app.path, { id })).catch(e => say(false, e.message)))?.session;
  if (!s) return;
  const rows = (s.values ?? []).map(v => h("tr", {}, h("th", { scope: "row" }, h("span.code", {}, v.key)),
    h("td", {}, v.type), h("td.number", {}, bytes(v.bytes)), h("td.what", {}, v.value ? h("span.code", {}, v.value) : "–")));
  for (const key of s.objects ?? []) {
    rows.push(h("tr", {}, h("th", { scope: "row" }, h("span.code", {}, key)), h("td", {}, "component"), h("td.number", {}, "–"), h("td", {}, "–")));
  }
  show("Session " + id, rows.length ? table("Values of the session", ["Name", "Type", "#Size", "Value"], rows) : h("p.card.nothing", {}, "It holds no values."));
}
