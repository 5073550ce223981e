package engine

import (
	"strings"
	"sync/atomic"
	"testing"
)

// No function that a page can reach tells what naja is made of.
func TestFunctionsHaveTheNamesOfPages(t *testing.T) {
	t.Parallel()
	pg := play(t, Config{Components: testComponents(new(atomic.Int64))}, map[string]string{"default.asp": `<%
		var seen = [], told = {}, queue = [];
		function look(path, v) {
			if (v === null || (typeof v != "object" && typeof v != "function") || seen.indexOf(v) >= 0 || path.split(".").length > 5) return;
			seen.push(v); queue.push([path, v]);
		}
		function check(path, v) {
			var said;
			try { said = Function.prototype.toString.call(v) + " " + v.name } catch (e) { said = "" + e.message }
			if (/github|runtime\.|goja|func\d/.test(said)) told[path] = said;
		}
		var box = Server.CreateObject("Test.Box");
		var roots = { Request: Request, Response: Response, Server: Server, Session: Session, Application: Application, console: console, box: box,
			query: Request.QueryString, form: Request.Form, item: Request.QueryString("none"), cookies: Response.Cookies, cookie: Response.Cookies("x"), contents: Session.Contents,
			statics: Application.StaticObjects, e: new Enumerator([1]), module: typeof require };
		var globals = "Object Function Array String Boolean Number Date RegExp Error TypeError RangeError Math JSON Map Set WeakMap WeakSet Symbol Promise Proxy Reflect ArrayBuffer DataView Uint8Array Float64Array BigInt Enumerator setTimeout setInterval clearTimeout clearInterval setImmediate clearImmediate parseInt parseFloat isNaN escape unescape encodeURIComponent eval require crypto ActiveXObject GetObject ScriptEngine CollectGarbage VBArray structuredClone queueMicrotask URL TextEncoder".split(" ");
		for (var i = 0; i < globals.length; i++) { try { look(globals[i], globalThis[globals[i]]) } catch (e) {} }
		for (var name in roots) look(name, roots[name]);
		var members = "Item Count Key Remove RemoveAll Lock Unlock Increment CompareAndSet Update Abandon Renew Close Pin Write WriteSafe End Redirect Flush Clear AddHeader AppendToLog BinaryWrite CreateObject HTMLEncode URLEncode MapPath Execute Transfer GetLastError BinaryRead TotalBytes Add log warn error info toString valueOf hasOwnProperty toLocaleString isPrototypeOf propertyIsEnumerable constructor moveNext item atEnd moveFirst then toJSON".split(" ");
		while (queue.length) {
			var at = queue.shift(), path = at[0], v = at[1];
			if (typeof v == "function") check(path, v);
			var names = [];
			try { names = Object.getOwnPropertyNames(v) } catch (e) {}
			names = names.concat(members);
			for (var i = 0; i < names.length; i++) {
				try { look(path + "." + names[i], v[names[i]]) } catch (e) { if (/github|goja/.test(e.message)) told[path + "." + names[i]] = e.message }
				try { var d = Object.getOwnPropertyDescriptor(v, names[i]); if (d) { look(path + ".get " + names[i], d.get); look(path + ".set " + names[i], d.set) } } catch (e) {}
			}
			try { look(path + ".iterator", v[Symbol.iterator]) } catch (e) {}
			try { look(path + ".primitive", v[Symbol.toPrimitive]) } catch (e) {}
			try { look(path + ".proto", Object.getPrototypeOf(v)) } catch (e) {}
		}
		for (var name in told) Response.Write(name + ": " + told[name] + "\n");
		Response.Write(seen.length) %>`})
	got := strings.TrimSpace(pg.guest().get("/"))
	if strings.Contains(got, "\n") || len(got) < 3 {
		t.Errorf("%s", got)
	}
}
