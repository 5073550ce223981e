package engine

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// TestHeadersCannotBeSplit: no member of Response lets a line end, a NUL or
// what some converters make one of into the header, and none into the log.
func TestHeadersCannotBeSplit(t *testing.T) {
	s := serveSite(t, map[string]string{"set.asp": `<% var x = String(Request.QueryString("x")), n = 0, ways = [
function () { Response.Redirect(x) },
function () { Response.AddHeader("X-Page", x) },
function () { Response.AddHeader(x, "1") },
function () { Response.Cookies("c") = x },
function () { Response.Cookies(x) = "1" },
function () { Response.Cookies("c")(x) = x },
function () { Response.Cookies("c") = "1"; Response.Cookies("c").Path = x },
function () { Response.Cookies("c") = "1"; Response.Cookies("c").Domain = x },
function () { Response.ContentType = x },
function () { Response.Charset = x },
function () { Response.Status = "200 " + x },
function () { Response.CacheControl = x },
function () { Response.PICS(x) },
function () { Response.AppendToLog(x) },
function () { console.log(x) }
]; try { ways[Number(Request.QueryString("way"))]() } catch (e) { n = 1 } %><%= n ? "refused" : "taken" %>`})
	const ways = 15
	for _, end := range []string{"%0d%0a", "%0a", "%0d", "%00", "%u010a", "%u010d%u010a", "%c4%8a", "%u2028", "%0b", "%7f"} {
		for way := range ways {
			c := s.dial()
			c.Send("GET /set.asp?way=%d&x=a%sX-Second:%%201%s%s<b>INFO%%20forged HTTP/1.0\r\nHost: test\r\n\r\n", way, end, end, end)
			answer := c.Rest()
			head, body, _ := strings.Cut(answer, "\r\n\r\n")
			for line := range strings.SplitSeq(head, "\r\n") {
				if strings.HasPrefix(line, "X-Second") || strings.ContainsAny(line, "\r\n\x00\x0b\x7f") {
					t.Errorf("way %d, %s: the header has %q", way, end, line)
				}
			}
			if body != "refused" && body != "taken" && !strings.Contains(body, "Object") || strings.Contains(body, "<b>") {
				t.Errorf("way %d, %s: %q", way, end, body)
			}
			if way < 3 && end == "%0d%0a" && way != 0 && body != "refused" {
				t.Errorf("way %d, %s: %q", way, end, body)
			}
		}
	}
}

// TestErrorsAreEncodedAndSilent: whatever an error's text is made of, a
// browser gets it as text in development, and not at all otherwise.
func TestErrorsAreEncodedAndSilent(t *testing.T) {
	const mark = `<img src=x onerror=alert(1)>'"&`
	quoted := `"` + strings.ReplaceAll(mark, `"`, `\"`) + `"`
	files := map[string]string{
		"include.asp":  `<!--#include file="` + strings.ReplaceAll(mark, `"`, "") + `.inc"-->`,
		"virtual.asp":  `<!--#include virtual="/` + strings.ReplaceAll(mark, `"`, "") + `.inc"-->`,
		"language.asp": `<%@ Language="` + strings.ReplaceAll(mark, `"`, "") + `" %>x`,
		"syntax.asp":   `<% if ( ` + mark + ` %>`,
		"source.asp":   `<% nope(` + quoted + `) %>`,
	}
	for name, script := range map[string]string{
		"text": `throw m`, "error": `throw new Error(m)`, "name": `var e = new Error(m); e.name = m; throw e`, "object": `throw { name: m, message: m, toString: function () { return m } }`,
		"description": `var e = new Error(1, m); e.description = m; throw e`, "execute": `Server.Execute(m)`, "transfer": `Server.Transfer(m + ".asp")`, "object2": `Server.CreateObject(m)`,
		"require": `require(m)`, "path": `Server.MapPath(m + "/../../" + m)`, "session": `Session(m) = function () {}`, "header": `Response.AddHeader(m + "\n", m)`, "status": `Response.Status = m`,
		"json": `JSON.parse(m)`, "regexp": `new RegExp(m + "(")`, "member": `var o = {}; o[m]()`, "eval": `eval(m)`, "promise": `Promise.reject(new Error(m))`, "codepage": `Session.CodePage = m`,
		"function": `var o = {}; o[m] = function () { throw new Error(m) }; o[m]()`, "symbol": `throw Symbol(m)`, "getter": `throw { get message() { throw new Error(m) } }`, "lines": `throw new Error("a\r\n\r\n" + m)`,
	} {
		files[name+".asp"] = "<% var m = " + quoted + "; " + script + " %>"
	}
	dev := serveFolder(t, files, func(c *Config) { c.Dev = true })
	quiet := serveFolder(t, files)
	blank := string(quiet.get("/text.asp").Body)
	for name := range files {
		r := dev.get("/" + name)
		body := string(r.Body)
		if r.Status != 500 || strings.Contains(body, "<img") || strings.Contains(body, ".go:") || strings.Contains(body, "goroutine ") || strings.Contains(body, dev.root) || len(body) < 100 {
			t.Errorf("%s in development: %d %s", name, r.Status, body)
		}
		r = quiet.get("/" + name)
		if r.Status != 500 || string(r.Body) != blank {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
		if strings.Contains(fmt.Sprint(r.Header), "img") {
			t.Errorf("%s: %v", name, r.Header)
		}
	}
}

// TestTheLogKeepsToItsLines: what a client or a page says can't look like
// another line of it.
func TestTheLogKeepsToItsLines(t *testing.T) {
	var text lockedBuffer
	lines := slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug})
	s := serveSite(t, map[string]string{
		"thrown.asp": `<% throw new Error("a\ntime=1 forged\r\u2028x") %>`, "console.asp": `<% console.log("a\ntime=1 forged\r\0x") %>`,
		"note.asp": `<% try { Response.AppendToLog("a\ntime=1 forged\r\0x") } catch (e) {} %>`, "session.asp": `<% try { Session("a\ntime=1 forged") = function () {} } catch (e) { console.error(e) } %>`,
	}, func(c *Config) { c.Logger = slog.New(lines) })
	for _, target := range []string{"/thrown.asp", "/console.asp", "/note.asp", "/session.asp", "/a%0atime=1%20forged", "/a%2%0aforged", "/%E2%80%A8time=1%20forged.asp"} {
		s.get(target, "User-Agent: a\ttime=1", "X-Forwarded-For: time=1")
	}
	eventually(t, "each request has its line", func() bool { return strings.Count(text.String(), "msg=request") == 6 })
	n := 0
	for line := range strings.Lines(text.String()) {
		n++
		if !strings.HasPrefix(line, "time=20") || strings.ContainsAny(strings.TrimSuffix(line, "\n"), "\r\x00\u2028") {
			t.Errorf("%q", line)
		}
	}
	if n < 8 {
		t.Errorf("%d lines: %s", n, text.String())
	}
}
