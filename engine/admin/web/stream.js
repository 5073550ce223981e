// The events of the server: a snapshot each second.

import { here } from "./act.js";

// How long nothing may arrive before the console takes snapshots one by one,
// which come through proxies that hold streams back.
const patience = 6000;

// listen calls to.status, to.history and to.rates with what arrives, and
// to.live with how that goes. Its again says anew how it goes.
export function listen(to) {
  let source, last = 0, how = ["Connecting", ""], single = false;
  const tell = (word, look) => to.live(...(how = [word, look]));
  const hear = (name, do_) => source.addEventListener(name, event => {
    last = Date.now();
    do_(JSON.parse(event.data));
  });
  const open = () => {
    source?.close();
    last = Date.now();
    source = new EventSource(here(single ? "/events?once=1" : "/events"));
    hear("history", to.history);
    hear("rates", to.rates);
    hear("status", doc => {
      to.status(doc);
      tell(single ? "Every few seconds" : "Live", "good");
    });
    source.onerror = () => {
      // After a snapshot the server ends the stream; the browser comes again.
      if (Date.now() - last > patience) tell("No connection", "bad");
    };
  };
  setInterval(() => {
    if (document.hidden || Date.now() - last < patience) return;
    tell("No connection", "bad");
    single = !single;
    open();
  }, 1000);
  open();
  return { again: () => to.live(...how) };
}
