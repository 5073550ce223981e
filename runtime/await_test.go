package runtime

import "testing"

// TestAwait runs pages that await at their top level, and some that only look
// like it.
func TestAwait(t *testing.T) {
	for src, want := range map[string]string{
		`<% var x = await Promise.resolve(2) %><%= x %>`:                                            "2",
		`<% await new Promise(function (r) { setTimeout(r, 5) }); Response.Write("a") %>b`:          "ab",
		`<% var o = {}; var p = await Promise.resolve(1); Response.Cookies("a") = "b" %><%= p %>`:   "1",
		`<% var await = 3 %><%= await %>`:                                                           "3",
		`<% async function f() { return await 4 }; f().then(function (v) { Response.Write(v) }) %>`: "4",
		`<% function g() { return h } function h() {} %><% await (1) %>ok`:                          "ok",
		`<%= await Promise.resolve("e") %>`:                                                         "e",
	} {
		if got, err := runText(src); err != nil || got != want {
			t.Errorf("%s = %q, %v; want %q", src, got, err, want)
		}
	}
	for src, want := range map[string]string{
		"<% await 1;\n throw new Error('late') %>":         "default.asp:2:8: Error: late",
		"x\n<% Promise.reject(new TypeError('nobody')) %>": "default.asp:2:19: TypeError: nobody",
		"<% await Promise.resolve();\nnope() %>":           "default.asp:2:1: ReferenceError: nope is not defined",
		"<% Session('x') = await 1;;\n if ( %>":            "default.asp:2:",
	} {
		_, err := runText(src)
		if err == nil || len(err.Error()) < len(want) || err.Error()[:len(want)] != want {
			t.Errorf("%q: %v; want %s", src, err, want)
		}
	}
	if got, err := runText("<% try { eval('var\\n[ ... {case ,\\n+\\n') } catch (e) { Response.Write(e.name) } %>"); err != nil || got != "SyntaxError" {
		t.Errorf("eval of what the parser panics on: %q, %v", got, err)
	}
}
