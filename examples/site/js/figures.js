// Keeps the home page's figures fresh while somebody looks at them.
const list = document.getElementById("figures");

async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch(list.dataset.from);
    if (!answer.ok) return;
    for (const [name, value] of Object.entries(await answer.json())) {
      list.querySelector(`[data-is=${name}]`).textContent = value;
    }
  } catch {
    // The server is away; the next try may find it.
  }
}

setInterval(refresh, 3000);
