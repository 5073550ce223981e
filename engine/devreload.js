// Shows the page anew when a file of its site has changed.
(() => {
	"use strict";
	const script = document.currentScript;
	if (window !== window.top) return; // the page around it does
	const question = new URL("reload", script.src) + new URL(script.src).search;
	const least = 500, most = 8000; // milliseconds between two questions
	let wait = least, timer = 0, asking = false, forbidden = false, n = 0;

	// A page may allow scripts and forbid them to ask (connect-src). Then the
	// answer is had as a module, which is kept for as long as the page is.
	document.addEventListener("securitypolicyviolation", event => {
		forbidden ||= event.effectiveDirective === "connect-src" && event.blockedURI.startsWith(question.split("?")[0]);
	});

	async function changed() {
		if (forbidden) return (await import(`${question}&${Date.now()}-${n++}`)).default;
		const answer = await fetch(question, {cache: "no-store"});
		return answer.ok && (await answer.text()).includes("true");
	}

	// What answered a form is asked for without the form, which isn't sent twice.
	// An address with a fragment would lead to a place in the page.
	function show() {
		if ("posted" in script.dataset) location.replace(location.href.split("#")[0]);
		else location.reload();
	}

	async function ask() {
		clearTimeout(timer);
		if (document.hidden || asking) return;
		asking = true;
		try {
			if (await changed()) return show();
			wait = least;
		} catch {
			wait = Math.min(2 * wait, most); // the server is being started again
		} finally {
			asking = false;
		}
		timer = setTimeout(ask, forbidden ? Math.max(wait, 2000) : wait);
	}

	document.addEventListener("visibilitychange", ask);
	addEventListener("pageshow", event => { if (event.persisted) ask(); });
	timer = setTimeout(ask, least);
})();
