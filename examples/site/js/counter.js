// Fifty requests at once, and a list of visitors that stays fresh.
const many = document.getElementById("many");
const count = document.getElementById("count");
const counted = document.getElementById("counted");
const visitors = document.getElementById("visitors");

many.hidden = false;
many.addEventListener("click", async () => {
  many.disabled = true;
  counted.textContent = "Sending 50 requests …";
  const began = performance.now();
  const one = async () => (await fetch("parts/count.asp", { method: "POST" })).json();
  try {
    const seen = (await Promise.all(Array.from({ length: 50 }, one))).map(a => a.count);
    const ms = Math.round(performance.now() - began);
    const different = new Set(seen).size;
    count.textContent = Math.max(...seen);
    counted.textContent =
      `50 requests counted ${different} different numbers in ${ms} ms: none was lost.`;
    if (different < 50) counted.textContent = `Only ${different} of 50 were counted.`;
  } catch (e) {
    counted.textContent = `That failed: ${e.message}`;
  }
  many.disabled = false;
});

setInterval(async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch(visitors.dataset.from);
    if (answer.ok) visitors.innerHTML = await answer.text();
  } catch {
    // The server is away; the next try may find it.
  }
}, 3000);
