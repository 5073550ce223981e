#!/usr/bin/env bash
# Guess: a client whose connection is reset in the middle of an answer's body says so,
# as node:http does (ECONNRESET). undici, which is the fetch of Node too, says so where
# the body has a length or chunks; where the connection's end is the body's, as in
# every answer of HTTP/1.0 without a length, it takes the reset for that end: fetch and
# request give the half as if it were the whole, with no error. A server can tell such a
# client that an answer broke off by chunks or a length alone; naja, which resets the
# connection of a page that breaks off, so that other clients of HTTP/1.0 learn of it,
# can't reach this one there.
set -euo pipefail
command -v node >/dev/null && command -v npm >/dev/null || { echo "needs Node and npm"; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null 2>&1
npm install --silent undici@7.16.0 >/dev/null 2>&1 || { echo "needs the package registry of npm"; exit 2; }
cat > finding.mjs <<'JS'
import http from 'node:http'
import net from 'node:net'
import { fetch, request } from 'undici'

const half = 'half of the page'
const frames = {
	'/chunks': `Transfer-Encoding: chunked\r\n\r\n${half.length.toString(16)}\r\n${half}\r\n`,
	'/length': `Content-Length: 1000\r\n\r\n${half}`,
	'/close': `Connection: close\r\n\r\n${half}`,
}
const server = net.createServer((socket) => {
	socket.once('data', (asked) => {
		socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n' + frames[String(asked).split(' ')[1]])
		setTimeout(() => socket.resetAndDestroy(), 200)
	})
	socket.on('error', () => {})
})
const byHTTP = (url) => new Promise((done, fail) => http.get(url, { agent: false }, (answer) => {
	answer.on('data', () => {}).on('end', done).on('error', fail)
}).on('error', fail))
server.listen(0, '127.0.0.1', async () => {
	const at = `http://127.0.0.1:${server.address().port}`
	for (const [name, ask] of Object.entries({
		'node:http': byHTTP,
		'undici fetch': async (url) => (await fetch(url)).text(),
		'undici request': async (url) => (await request(url)).body.text(),
	})) {
		for (const path of Object.keys(frames)) {
			const said = await ask(at + path).then(() => 'whole', () => 'an error')
			console.log(`${name}, ${path.slice(1)}: ${said}`)
		}
	}
	process.exit(0)
})
JS
seen=$(node finding.mjs)
found='node:http, chunks: an error
node:http, length: an error
node:http, close: an error
undici fetch, chunks: an error
undici fetch, length: an error
undici fetch, close: whole
undici request, chunks: an error
undici request, length: an error
undici request, close: whole'
echo "Node $(node --version), undici $(node -p 'require("undici/package.json").version')"
echo "guess: an error nine times"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
