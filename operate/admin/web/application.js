// One application: what can be done with it, and everything it does.

import { h } from "./dom.js";
import { bytes, count, long, moment, rate, seconds, some } from "./words.js";
import { chart } from "./chart.js";
import { points } from "./trends.js";
import { show, unavailable } from "./act.js";
import { part, state, table } from "./server.js";
import { workers } from "./workers.js";

// application shows everything about one.
export function application(app, trends, groups) {
  return h("section.application", { "data-key": "app " + app.path, "aria-labelledby": "title-app" },
    h("div.part", { "data-key": "head" },
      h("div.line", {}, h("h2", { id: "title-app" }, "Application ", h("span.code", {}, app.path)),
        state(app.word, app.look), app.single && h("span.tag.warn", {}, "one apartment only"),
        h("span.aside", {}, app.isolation, app.uptime ? `, started ${long(app.uptime)} ago` : "")),
      tools(app), notices(app)),
    h("div.figures", { "data-key": "figures" }, figures(app, trends.of(app.path))),
    requests(app), workers(app), apartments(app),
    h("div.pair", { "data-key": "pair" }, lock(app), cache(app)),
    sessions(app), errors(app, groups));
}

// tools are the buttons; what can't be done now isn't hidden, so that nothing
// jumps, but says so.
function tools(app) {
  const up = app.loaded;
  const button = (what, word, more = {}) => h("button" + (more.look ?? ""), {
    type: "button", "data-do": what, "data-key": what, "data-app": app.path,
    "aria-pressed": more.pressed, "aria-disabled": more.off ? "true" : null, title: more.off || null,
  }, word);
  return h("div.tools", { role: "group", "aria-label": "What to do with " + app.path },
    app.held ? button("release-hold", "Release the hold", { look: ".main" }) : button("hold", "Hold…"),
    button("pass", "Pass for administrators", { off: app.held === "refuse" ? "" : "There is nothing to pass" }),
    h("span.gap", { "aria-hidden": "true" }),
    up ? button("unload", "Unload…") : button("load", "Load", { look: ".main" }),
    button("update", "Update…", { off: app.canUpdate ? "" : "Nothing is set that updates come from" }),
    button("recover", "Recover…", { off: up ? "" : "It isn't loaded" }),
    button("keepalive", "Keep alive", { off: up ? "" : "It isn't loaded" }),
    app.older && button("generation", "Go back to this global.asa…"),
    button("maint-mode", "One apartment only", { pressed: String(app.maint) }),
    app.canMove && !unavailable.has("isolation " + app.path) && button("isolation", app.isolation === "process" ? "Run in this process…" : "Run in processes of its own…"),
    app.isolation === "process" && button("worker/start", "Start a worker"));
}

function notices(app) {
  const said = [];
  if (app.heldBecause) said.push(h("p.notice", { "data-key": "held" }, app.heldBecause));
  for (const problem of app.problems) said.push(h("p.notice.bad", { "data-key": problem }, problem));
  if (app.older) said.push(h("p.notice", { "data-key": "older" }, app.older));
  if (app.update) said.push(h(app.update.ok ? "p.soft" : "p.notice.bad", { "data-key": "update" }, app.update.text));
  return said.length > 0 && h("div", { "data-key": "notices" }, said);
}

// figures are what changes each second, with the last minutes of it.
function figures(app, trend) {
  const figure = (key, name, max, unit, words = rate) => {
    const values = trend.map(p => p[key] ?? null);
    return h("div.card.figure", { "data-key": key }, h("h3", {}, name),
      h("p", {}, h("b", {}, values.length ? words(values.at(-1)) : "–"), h("span.soft", {}, unit)),
      chart(name, values, max, points, words));
  };
  return [
    figure("requests", "Requests", 1, "each second"),
    figure("failures", "Failed or refused", 1, "each second"),
    figure("run", "Time of a page", 0.001, "average", seconds),
    figure("busy", "Busy apartments", Math.min(4, app.apartments.length), "of " + count(app.apartments.length), count),
    figure("waiting", "Waiting requests", 1, "in the queue", count),
    figure("sessions", "Sessions", 1, "alive", n => n === null || n < 0 ? "–" : count(n)),
  ];
}

// requests are those that run and those that wait, in one table.
function requests(app) {
  const rows = [...app.running, ...app.waiting].map(r => h("tr", { "data-key": "r" + r.id },
    h("td", {}, r.waitsFor ? state("Waits for " + r.waitsFor, "warn") : state("Runs", "good")),
    h("td.what", {}, h("span.url", {}, h("span.method", {}, r.method), " ", h("span.code", {}, r.url)),
      h("span.where", {}, place(r), r.holdsLock && [" ", h("span.tag.warn", {}, "holds Application.Lock")]),
      h("span.where.narrow", {}, r.waitsFor ? `waits for ${seconds(r.queued)}` : `runs for ${seconds(r.run)}`)),
    h("td.number", {}, r.waitsFor ? "–" : seconds(r.run)),
    h("td.number", {}, seconds(r.queued)),
    h("td", {}, r.session ? h("span.code", {}, r.session) : "–"),
    h("td.number", {}, r.apartment || "–"),
    h("td.number", {}, r.buffered ? bytes(r.buffered) : "–"),
    h("td.do", {}, h("button.small.danger", { type: "button", "data-do": "kill", "data-app": app.path, "data-id": r.id,
      "aria-label": `Kill ${r.method} ${r.url}` }, "Kill…"))));
  const aside = `${some(app.running.length, "runs", "run")}, ${some(app.waiting.length, "waits", "wait")}`;
  return part("requests", "Requests", aside, rows.length
    ? table("Requests that run or wait", ["State", "Request", "#Running", "#Waited", "Session", "#Apartment", "#Buffered", ""], rows)
    : h("p.card.nothing", {}, "No page runs and none waits."));
}

// place says where a page is.
const place = r => r.line ? `${r.file || r.page}, line ${r.line}` : r.page || "";

// apartments are all workers at a glance, then those that ever ran something.
function apartments(app) {
  const used = app.apartments.filter(a => a.hits > 0 || a.busy);
  const rows = used.map(a => h(a.busy ? "tr" : "tr.quiet", { "data-key": "a" + a.id },
    h("th.number", { scope: "row" }, a.id),
    h("td", {}, a.busy ? state("Busy", "good") : state("Idle")),
    h("td.what", {}, a.url ? [h("span.url.code", {}, a.url), h("span.where", {}, place(a))] : "–"),
    h("td.number", {}, a.busy ? seconds(a.active) : "–"),
    h("td.number", {}, count(a.hits)),
    h("td.number", {}, seconds(a.total)),
    h("td.number", {}, a.waiting ? count(a.waiting) : "–")));
  const busy = app.apartments.filter(a => a.busy).length;
  const words = `${busy} of ${some(app.apartments.length, "apartment")} busy`;
  return part("apartments", "Apartments", words + (app.orphans ? `, ${some(app.orphans, "script doesn't", "scripts don't")} stop` : ""),
    h("div.card", {},
      app.apartments.length > 0 && h("div.houses", { role: "img", "aria-label": words }, app.apartments.map(a =>
        h("span" + (a.busy ? ".busy" : a.hits ? ".used" : ""), { title: `Apartment ${a.id}: ${a.busy ? "busy" : "idle"}` }))),
      h("details", { "data-key": "each" }, h("summary", {}, used.length ? `Each apartment that was used (${used.length})` : "None was used yet"),
        used.length > 0 && table("Apartments", ["#No.", "State", "Current page", "#Active for", "#Hits", "#All its time", "#Waiting for it"], rows))));
}

// lock is Application.Lock: who has it, who waits.
function lock(app) {
  const l = app.lock;
  const row = (key, word, look, r) => h("tr", { "data-key": key }, h("td", {}, state(word, look)),
    h("td.what", {}, h("span.url.code", {}, r.url), h("span.where", {}, r.page)), h("td.number", {}, seconds(r.age)));
  const rows = l.holder ? [row("holder", "Holds it", "good", l.holder)] : [];
  l.waiters.forEach((w, i) => rows.push(row("w" + i, "Waits", "warn", w)));
  return part("lock", "Application lock", `${some(l.keys, "value")}, ${bytes(l.bytes)}, version ${count(l.version)}`, rows.length
    ? table("Holder of the Application lock, and who waits", ["State", "Request", "#For"], rows)
    : h("p.card.nothing", {}, "Nobody holds the lock."));
}

function cache(app) {
  const c = app.counts;
  const facts = [["Compiled pages kept", count(app.pages)], ["Found compiled", hits(c)], ["Pages served", count(c.pages)], ["Static files served", count(c.statics)],
    ["Flushed answers", count(c.flushed)], ["Refused", count(c.refused)], ["Timed out", count(c.timeouts)]];
  return part("cache", "Page cache and answers", "since its start",
    h("dl.facts.across.card", {}, facts.map(([name, what]) => h("div", {}, h("dt", {}, name), h("dd", {}, what)))));
}

// hits is how many requests found their page compiled.
function hits(c) {
  const all = c.hits + c.misses;
  return all ? `${count(c.hits)} of ${count(all)} (${Math.floor(100 * c.hits / all)} %)` : "–";
}

// sessions are figures, and a button that lists them: a list of many isn't
// sent each second.
function sessions(app) {
  const s = app.sessions;
  const turns = app.turns.map(t => h("tr", { "data-key": "t" + t.key }, h("td", {}, t.id ? h("span.code", {}, t.id) : "not opened yet"),
    h("td.number", {}, seconds(t.held)), h("td.number", {}, count(t.waiting.length)), h("td.number", {}, t.waiting.length ? seconds(t.waiting[0]) : "–")));
  return h("section.part", { "data-key": "sessions", "aria-labelledby": "title-sessions" },
    h("div.line", {}, h("h3", { id: "title-sessions" }, "Sessions"),
      h("span.aside", {}, s.count < 0 ? "kept by another library" : `${count(s.count)} alive, ${count(s.pinned)} pinned, ${some(s.waiting, "request waits", "requests wait")} for a turn`),
      h("button.small", { type: "button", "data-do": "sessions", "data-key": "sessions", "data-app": app.path }, "List…")),
    turns.length > 0 && h("div", { "data-key": "turns" }, table("Sessions with a request", ["Turn of session", "#Held for", "#Waiting", "#First waits for"], turns)),
    h("div", { id: "session-list", "data-key": "list", "data-own": true }));
}

// keyOf tells an error from the others of its application.
const keyOf = e => `${e.page}:${e.file}:${e.line}:${e.message}`;

// openError shows all that is known of an error.
export function openError(groups, key) {
  const e = groups.find(e => keyOf(e) === key);
  if (!e) return;
  const facts = [["Message", e.message], ["Page", h("span.code", {}, e.page)],
    ["Place", h("span.code", {}, e.file || e.page)], ["Line", e.line ? String(e.line) : "–"], ["Column", e.column ? String(e.column) : "–"],
    ["Request", e.url ? h("span.code", {}, `${e.method} ${e.url}`) : "none: an event"], ["Times", count(e.count)],
    ["First", h("time", { datetime: e.first }, moment(e.first))], ["Last", h("time", { datetime: e.last }, moment(e.last))]];
  const stack = e.stack ?? [];
  show("Error of " + e.page, h("dl.facts", {}, facts.map(([name, what]) => [h("dt", {}, name), h("dd", {}, what)])),
    h("h3", {}, "Calls"), stack.length ? h("ol.stack", {}, stack.map(f => h("li", {}, h("span.code", {}, f)))) : h("p", {}, "Nothing is known of the calls that led there."));
}

// errors are grouped by page, line and message; they are fetched when there
// are new ones.
function errors(app, groups) {
  const rows = groups.map(e => h("tr", { "data-key": keyOf(e) },
    h("td.what", {}, h("span.url", {}, e.message), h("span.where", {}, h("span.code", {}, e.line ? `${e.file || e.page}:${e.line}` : e.file || e.page),
      e.file && e.file !== e.page && ` in ${e.page}`)),
    h("td.number", {}, count(e.count)),
    h("td.number", {}, h("time", { datetime: e.first }, moment(e.first))),
    h("td.number", {}, h("time", { datetime: e.last }, moment(e.last))),
    h("td.do", {}, h("button.small", { type: "button", "data-do": "error", "data-app": app.path, "data-id": keyOf(e),
      "aria-label": `Open the error ${e.message}` }, "Open…"))));
  const link = h("a", { href: "/errors.txt?application=" + encodeURIComponent(app.path), download: true }, "Download");
  return part("errors", "Errors", link, rows.length
    ? table("Errors of pages, grouped", ["Error", "#Times", "#First", "#Last", ""], rows)
    : h("p.card.nothing", {}, "No page has failed."));
}
