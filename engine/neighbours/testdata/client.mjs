// get URL | post URL SIZE | posts GET-URL POST-URL N
const [what, url, other, n] = process.argv.slice(2)
const post = (url, body) => fetch(url, { method: 'POST', body, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } })
if (what == 'get') {
	console.log((await (await fetch(url)).arrayBuffer()).byteLength)
} else if (what == 'post') {
	console.log((await post(url, 'a'.repeat(Number(other)))).status)
} else {
	let good = 0
	for (let i = 0; i < Number(n); i++) {
		try {
			await (await fetch(url)).text()
			await new Promise((done) => setTimeout(done, 45 + i))
			const r = await post(other + '?n=' + i, 'a=1')
			await r.text()
			if (r.status == 200) good++
		} catch (e) {
		}
	}
	console.log(good)
}
