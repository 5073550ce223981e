// The console: keeps what the server sends, shows it, and listens to buttons.

import { h, morph } from "./dom.js";
import { long } from "./words.js";
import { read } from "./model.js";
import { Trends } from "./trends.js";
import { overview, settings } from "./server.js";
import { application, openError } from "./application.js";
import { act, getJSON } from "./act.js";
import { inspect, list } from "./sessions.js";
import { listen } from "./stream.js";

const find = id => document.getElementById(id);
const trends = new Trends();
let server = read(JSON.parse(find("first").textContent));
let paused = false;

// chosen is the application of the address' hash, or the first one.
function chosen() {
  const path = decodeURI(location.hash.slice(1));
  return server.applications.find(app => app.path === path) ?? server.applications[0];
}

// errors are those of the chosen application, fetched when it has new ones.
const errors = { path: null, seen: null, groups: [] };

async function fetchErrors(app) {
  const seen = `${app.counts.failed} ${app.counts.timeouts} ${app.problems.length} ${app.uptime < 2}`;
  if (errors.path === app.path && errors.seen === seen) return;
  if (errors.path !== app.path) errors.groups = [];
  Object.assign(errors, { path: app.path, seen });
  const said = await getJSON("/errors.json?application=" + encodeURIComponent(app.path)).catch(() => null);
  if (!said || errors.path !== app.path) return;
  errors.groups = said.applications?.[0]?.errors ?? [];
  render();
}

function render() {
  if (paused) return;
  const app = chosen();
  if (app) fetchErrors(app);
  find("about").textContent = [`Version ${server.version}`, `up ${long(server.uptime)}`, location.host].join("  ·  ");
  morph(find("view"), h("div", { id: "view" },
    overview(server, trends, app?.path), app && application(app, trends, errors.groups), settings(server)));
}

// live says whether what is shown is what is.
function live(word, look) {
  if (paused) [word, look] = ["Paused", "warn"];
  find("live").className = "state " + look;
  if (find("live-word").textContent !== word) find("live-word").textContent = word;
}

const stream = listen({
  status(doc) {
    server = read(doc);
    render();
  },
  history: all => trends.start(all),
  rates: latest => trends.add(latest),
  live,
});

// Actions of buttons, wherever they stand.
const actions = {
  dismiss: (app, button) => {
    button.closest(".result").remove();
    find("main").focus({ preventScroll: true });
  },
  sessions: (app, button) => list(app, button.dataset.id),
  inspect: (app, button) => inspect(app, button.dataset.id),
  error: (app, button) => openError(errors.groups, button.dataset.id),
};

document.addEventListener("click", async event => {
  const button = event.target.closest("button[data-do]");
  if (!button || button.getAttribute("aria-disabled") === "true" || button.getAttribute("aria-busy") === "true") return;
  const app = server.applications.find(app => app.path === button.dataset.app);
  const what = button.dataset.do;
  button.setAttribute("aria-busy", "true");
  try {
    if (actions[what]) await actions[what](app, button);
    else if (await act(what, app, { ...button.dataset })) {
      if (what === "sessions/end") await list(app);
    }
  } finally {
    button.removeAttribute("aria-busy");
  }
});

find("pause").addEventListener("click", () => {
  paused = !paused;
  find("pause").setAttribute("aria-pressed", String(paused));
  stream.again();
  render();
});

window.addEventListener("hashchange", render);
document.addEventListener("focusout", () => {
  for (const row of document.querySelectorAll(".gone")) row.remove();
});
render();
