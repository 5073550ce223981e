// Fetches the report in both ways at once and shows what came when.
const start = document.getElementById("start");
const reports = document.querySelectorAll("#reports section");

start.hidden = false;
start.querySelector("button").addEventListener("click", async event => {
  event.target.disabled = true;
  await Promise.all(Array.from(reports, run));
  event.target.disabled = false;
});

async function run(section) {
  const say = (name, text) => {
    section.querySelector(`[data-is=${name}]`).textContent = text;
  };
  const bar = section.querySelector("progress");
  for (const name of ["first", "last", "pieces", "length"]) say(name, "…");
  bar.value = 0;

  const began = performance.now();
  const since = () => `after ${((performance.now() - began) / 1000).toFixed(2)} s`;
  const decoder = new TextDecoder();
  let text = "", pieces = 0, bytes = 0;
  try {
    const answer = await fetch(section.dataset.from, { cache: "no-store" });
    const length = answer.headers.get("Content-Length");
    say("length", length ?? "none: in chunks");
    for (const reader = answer.body.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (pieces++ === 0) say("first", since());
      bytes += value.length;
      text += decoder.decode(value, { stream: true });
      bar.value = text.split("<p>Nest ").length - 1;
      say("pieces", `${pieces} (${bytes} bytes)`);
    }
    say("last", since());
  } catch (e) {
    say("last", `failed: ${e.message}`);
  }
}
