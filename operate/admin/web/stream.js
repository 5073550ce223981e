// The events of the server: a snapshot each second while somebody looks.

import { here } from "./act.js";

// How long nothing may arrive, in milliseconds, before snapshots are taken one
// by one: they come through proxies that hold streams back. After so many of
// those a stream is tried again.
const patience = 6000, singles = 20;

// listen calls to.status, to.history and to.rates with what arrives, and
// to.live with how that goes. Its again says anew how it goes.
export function listen(to) {
  let source = null, last = 0, single = 0, how = ["Connecting", ""];
  const tell = (word, look) => to.live(...(how = [word, look]));

  function open() {
    close();
    last = Date.now();
    source = new EventSource(here(single ? "/events?once=1" : "/events"));
    const hear = (name, take) => source.addEventListener(name, event => {
      last = Date.now();
      take(JSON.parse(event.data));
    });
    hear("history", to.history);
    hear("rates", to.rates);
    hear("status", doc => {
      to.status(doc);
      tell(single ? "Every few seconds" : "Live", "good");
      if (single && ++single > singles) {
        single = 0;
        open();
      }
    });
  }

  function close() {
    source?.close();
    source = null;
  }

  // A browser comes again by itself after a stream that ended, but not after
  // an answer that was none.
  setInterval(() => {
    if (!source || Date.now() - last < patience) return;
    single = single ? 0 : 1;
    tell("No connection", "bad");
    open();
  }, 1000);
  document.addEventListener("visibilitychange", () => document.hidden ? close() : source ?? open());
  if (!document.hidden) open();
  return { again: () => to.live(...how) };
}
