// Shows a stream of server-sent events.
const field = id => document.getElementById(id);
const button = field("control").querySelector("button");
let source, opened = 0;

function open() {
  source = new EventSource("parts/clock.asp");
  source.onopen = () => {
    field("state").textContent = "open";
    field("opened").textContent = ++opened;
  };
  source.onerror = () => {
    field("state").textContent = "ended by the server; the browser asks again";
  };
  source.onmessage = event => {
    const { time, sessions } = JSON.parse(event.data);
    field("time").textContent = time;
    field("sessions").textContent = sessions;
    field("events").textContent = event.lastEventId;
  };
}

button.addEventListener("click", () => {
  const running = source.readyState !== EventSource.CLOSED;
  if (running) {
    source.close();
    field("state").textContent = "closed by you";
  } else {
    open();
  }
  button.textContent = running ? "Start" : "Stop";
});

field("control").hidden = false;
open();
