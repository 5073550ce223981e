// What the server's status document says, in the console's words. Only this
// file knows the document's names; they are those of /status.json.

import { bytes, count, long, moment, seconds } from "./words.js";

// read takes a status document.
export function read(doc) {
  const s = doc.server ?? {};
  return {
    version: s.version ?? "",
    uptime: s.uptime_seconds ?? 0,
    settings: s.settings ?? [],
    facts: [["Started", moment(s.started)], ["Go", s.go], ["Process", s.pid], ["Processors", count(s.processors)],
      ["Memory", bytes(s.memory)], ["Goroutines", count(s.goroutines)], ["Ready", s.ready ? "yes" : "no"]],
    applications: (doc.applications ?? []).map(application),
  };
}

function application(a) {
  const e = a.engine ?? {};
  const app = {
    path: a.path || "/",
    isolation: a.isolation || "in-process",
    canUpdate: Boolean(a.updates),
    canMove: !a.isolations || a.isolations.length > 1,
    loaded: Boolean(a.loaded),
    held: a.hold ? a.hold.mode : "",
    maint: Boolean(a.maint),
    single: Boolean(e.single || a.maint || a.hold?.single),
    uptime: e.uptime_seconds ?? 0,
    running: (e.running ?? []).map(request),
    waiting: (e.waiting ?? []).map(request),
    queueMax: e.queue_max ?? 0,
    atDoor: a.waiting ?? 0,
    apartments: (e.apartment_list ?? []).map(apartment),
    busy: e.busy ?? 0,
    orphans: e.orphans ?? 0,
    turns: (e.turns ?? []).map(t => ({ key: t.turn, id: t.session ?? "", held: t.held_seconds, waiting: t.waiting_seconds ?? [] })),
    lock: lock(e.application ?? {}),
    pages: e.pages ?? 0,
    counts: {
      requests: e.requests ?? 0, pages: e.page_requests ?? 0, statics: e.static_requests ?? 0, refused: (e.refused ?? 0) + (a.refused ?? 0),
      failed: e.failed ?? 0, timeouts: e.timeouts ?? 0, flushed: e.flushed ?? 0, hits: e.cache_hits ?? 0, misses: e.cache_misses ?? 0,
    },
    workers: workers(a.worker),
    heldBecause: a.hold ? held(a) : "",
    update: updated(a.update),
    older: e.generation?.older ? `An older global.asa (${e.generation.text}) is served here: ${e.generation.last} has taken its place.` : "",
    problems: [a.problem && "It can't be started: " + a.problem, e.global && "global.asa: " + e.global, e.state && "Store: " + e.state,
      a.worker?.stopped && `No worker is started until ${moment(a.worker.again)}: ${a.worker.stopped}`,
      e.unhealthy && "More scripts don't stop than the process should live with: restart it."].filter(Boolean),
  };
  app.sessions = {
    count: e.sessions ?? 0, pinned: e.pinned ?? 0,
    waiting: app.turns.reduce((sum, t) => sum + t.waiting.length, 0),
  };
  [app.word, app.look] = stateOf(a, app);
  return app;
}

// workers are an application's processes; null where it runs in this one.
function workers(worker) {
  if (!worker) return null;
  return {
    list: worker.workers ?? [], deaths: worker.deaths ?? [], suspects: worker.suspects ?? [],
    words: `${count(worker.started)} started, ${count(worker.crashed)} crashed, ${count(worker.recycled)} replaced`,
  };
}

// stateOf is a state as a word for people, and how it looks.
function stateOf(a, app) {
  const word = a.state || "unknown";
  const shown = { "held: refuse": "Held, refuses", "held: park": "Held, parks" }[word] ?? word[0].toUpperCase() + word.slice(1);
  if (app.problems.length > 0) return [shown, "bad"];
  return [shown, { running: "good", stopped: "", "shut down": "" }[word] ?? "warn"];
}

function held(a) {
  const since = (Date.now() - new Date(a.hold.since)) / 1000;
  const who = a.hold.why === "operator" ? "Held" : `Held for an operation (${a.hold.why})`;
  const how = a.hold.mode === "park"
    ? `new requests wait and are served afterwards; ${count(a.waiting)} of at most ${count(a.hold.waiting_max)} wait now.`
    : "visitors get 503 and a page that asks them to wait; administrators with a pass get through.";
  return `${who} for ${long(Math.max(0, since))}: ${how}`;
}

function updated(u) {
  if (!u) return null;
  const files = [[u.replaced, "replaced"], [u.added, "added"], [u.removed, "removed"]]
    .filter(([list]) => list?.length).map(([list, what]) => `${list.length} ${what}`)
    .concat(u.program?.replaced ? [`program ${u.program.version} ${u.program.hash}`] : []).join(", ");
  const text = u.ok
    ? `Last update: ${moment(u.began)}, ${files || "nothing differed"}, in ${seconds(u.took_seconds)}; requests waited ${seconds(u.parked_seconds)}.`
    : `Last update: ${moment(u.began)}, failed${u.rolled_back ? " and rolled back" : ""}: ${u.problem}`;
  return { ok: u.ok, text };
}

const request = r => ({
  id: r.id, method: r.method, url: r.url, page: r.page, session: r.session, waitsFor: r.waits_for, apartment: r.apartment,
  queued: r.queued_seconds, run: r.run_seconds, file: r.file, line: r.line, buffered: r.buffered, holdsLock: r.holds_lock,
});

const apartment = a => ({
  id: a.id, busy: a.state !== "idle", url: a.url ? `${a.method} ${a.url}` : "", file: a.file, line: a.line,
  active: a.held_seconds, hits: a.hits, total: a.busy_seconds, waiting: a.waiting,
});

const holder = h => h && { page: h.page, url: h.url, age: h.age_seconds };

const lock = a => ({
  keys: a.keys ?? 0, bytes: a.bytes ?? 0, version: a.version ?? 0, holder: holder(a.holder), waiters: (a.waiters ?? []).map(holder),
});
