// What the buttons do: ask first where something is lost, post with the
// token, and say what came of it.

import { h } from "./dom.js";
import { seconds } from "./words.js";

// here is a path of this server, without the credentials that an address may
// have been typed with.
export const here = path => new URL(path, location.origin);

const find = id => document.getElementById(id);
let token = "";

// unavailable holds what the server can't do, as it turned out: an action and
// an application. Buttons for that aren't shown.
export const unavailable = new Set();

// post sends a change, with a token that is fetched when there is none, and
// once more when the server doesn't take the one there is.
export async function post(what, fields) {
  for (const again of [true, false]) {
    if (!token) token = (await getJSON("/token")).token;
    const answer = await fetch(here("/" + what), {
      method: "POST", headers: { "X-Naja-Token": token }, body: new URLSearchParams(fields), redirect: "error",
    });
    if (answer.status === 403 && again) {
      token = "";
      continue;
    }
    return { status: answer.status, ...await answer.json() };
  }
}

// getJSON reads a document; one that says it isn't ok is an error.
export async function getJSON(url) {
  const answer = await fetch(here(url), { headers: { Accept: "application/json" }, redirect: "error" });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok || said.ok === false) throw new Error(said.message || `${url}: ${answer.status}`);
  return said;
}

// say shows what came of something until the user puts it away.
export function say(ok, message, list = []) {
  const box = h("div.result" + (ok ? "" : ".bad"), {},
    h("div", {}, h("b.word", {}, ok ? "Done. " : "Not done. "), message,
      list.length > 0 && h("ul", {}, list.map(line => h("li", {}, line)))),
    h("button.small", { type: "button", "data-do": "dismiss", "aria-label": "Dismiss this message" }, "×"));
  find("results").append(box);
  while (find("results").children.length > 3) find("results").firstChild.remove();
}

// ask shows a question and gives the form's fields, or null for no.
export function ask({ title, body, yes, danger }) {
  const dialog = find("ask");
  find("ask-title").textContent = title;
  find("ask-body").replaceChildren(...body);
  find("ask-do").textContent = yes;
  find("ask-do").classList.toggle("danger", Boolean(danger));
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise(done => dialog.addEventListener("close", () =>
    done(dialog.returnValue === "do" ? Object.fromEntries(new FormData(dialog.querySelector("form"))) : null), { once: true }));
}

// show shows something to read.
export function show(title, ...body) {
  find("show-title").textContent = title;
  find("show-body").replaceChildren(...body.filter(Boolean));
  if (!find("show").open) find("show").showModal();
}

const choice = (type, name, value, word, more, checked) => h("label.choice", {},
  h("input", { type, name, value, checked }), h("span", {}, word), more && h("small", {}, more));

// questions are what is asked before something that visitors notice. A
// function that gives null needs no question.
const questions = {
  hold: app => ({
    title: `Hold ${app.path}`, yes: "Hold",
    body: [h("fieldset", {}, h("legend", {}, "New requests"),
      choice("radio", "mode", "refuse", "Refuse them", "Visitors get 503 with a page that asks them to wait. Administrators with a pass get through.", true),
      choice("radio", "mode", "park", "Park them", "They wait, bounded in number and time, and are served afterwards.")),
    h("fieldset", {}, h("legend", {}, "Meanwhile"),
      choice("checkbox", "single", "1", "Work with one apartment only", "For work that wants the application for itself."))],
  }),
  unload: app => ({
    title: `Unload ${app.path}`, yes: "Unload", danger: true,
    body: [h("p", {}, "Running requests finish, sessions and the application end with their events, and memory is given back. What is kept in memory only is lost. The next request starts it again.")],
  }),
  update: app => ({
    title: `Update ${app.path}`, yes: "Update",
    body: [h("p", {}, "The content of its update_source is staged and checked, then swapped while requests are parked. A new program of its workers (update_program) is tried and takes over. If either doesn't start, the old one comes back by itself.")],
  }),
  recover: app => ({
    title: `Recover ${app.path}`, yes: "Recover", danger: true,
    body: [h("p", {}, "Interrupts whoever holds a stuck Application lock or turn, breaks stale leases, clears a forgotten hold and resets counters. You are told what was done to whom.")],
  }),
  isolation: app => ({
    title: app.isolation === "process" ? `Run ${app.path} in this process` : `Run ${app.path} in processes of its own`, yes: "Move it",
    body: [h("p", {}, "Requests are parked while it moves; none is lost.")],
  }),
  generation: app => ({
    title: `Begin ${app.path} with its older global.asa again`, yes: "Begin it",
    body: [h("p", {}, "The Application_OnEnd of the text in force runs where that is served, then the Application_OnStart of the one here. Sessions and values stay.")],
  }),
  kill: (app, data) => {
    const r = [...app.running, ...app.waiting].find(r => String(r.id) === data.id);
    return {
      title: "Kill this request", yes: "Kill it", danger: true,
      body: r ? [h("dl.facts", {},
        h("dt", {}, "Request"), h("dd", {}, h("code", {}, `${r.method} ${r.url}`)),
        h("dt", {}, "Page"), h("dd", {}, r.line ? `${r.file || r.page}, line ${r.line}` : r.page),
        h("dt", {}, r.waitsFor ? "Waiting" : "Running"), h("dd", {}, seconds(r.waitsFor ? r.queued : r.run))),
      h("p", {}, "Its script ends at once. What it didn't send or store is lost; you are told what that was.")]
        : [h("p", {}, "It has ended meanwhile.")],
    };
  },
  "kill-worker": (app, data) => ({
    title: `Kill worker ${data.id}`, yes: "Kill it", danger: true,
    body: [h("p", {}, "The process ends at once, whatever it does. Its requests are lost; you are told which they were. The next request starts another worker.")],
  }),
  "sessions/end": (app, data) => ({
    title: "End this session", yes: "End it", danger: true,
    body: [h("p", {}, "Session ", h("code", {}, data.id), " ends with its Session_OnEnd; its values are lost.")],
  }),
};

// act does what a button is for; true when it was done.
export async function act(what, app, data) {
  const answer = questions[what] ? await ask(questions[what](app, data)) : {};
  if (answer === null) return false;
  const said = await post(...request(what, app, data, answer)).catch(e => ({ ok: false, message: e.message }));
  if (said.ok && said.link) pass(app, said);
  else tell(said);
  if (said.status === 501) unavailable.add(`${what} ${app?.path}`);
  return said.ok;
}

// tell says what the server answered. Where its sentence is the list of what
// was done, the list is enough.
function tell(said) {
  const done = said.details ?? [];
  say(said.ok, done.length > 0 && said.message === done.join("; ") ? "" : said.message ?? "", done);
}

// request is the path and the fields of a change.
function request(what, app, data, answer) {
  const fields = app ? { application: app.path } : {};
  switch (what) {
    case "hold":
      return [answer.single ? "maint-hold" : "hold", { ...fields, mode: answer.mode }];
    case "maint-mode":
      return [what, { ...fields, on: String(!app.maint) }];
    case "isolation":
      return [what, { ...fields, mode: app.isolation === "process" ? "in-process" : "process" }];
    case "kill":
      return ["recover", { ...fields, id: data.id }];
    case "kill-worker":
      return ["recover", { ...fields, worker: data.id }];
    case "sessions/end":
      return [what, { ...fields, id: data.id }];
  }
  return [what, fields];
}

// pass shows a one-time link that lets an administrator through a hold.
function pass(app, said) {
  const field = h("input.link", { type: "text", readonly: true, value: said.link, "aria-label": "One-time link" });
  show(`Pass for ${app.path}`, h("p", {}, "Open this link once in the browser that is to pass the hold. ", said.message ?? ""),
    field, said.link.startsWith("http") && h("p", {}, h("a", { href: said.link, target: "_blank", rel: "noreferrer" }, "Open it in this browser")));
  field.select();
}
