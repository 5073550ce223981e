package dialect

import "testing"

func TestHasTopLevelAwait(t *testing.T) {
	for _, c := range []struct {
		src  string
		want bool
	}{
		{"", false},
		{"x = await y", true},
		{"await 1", true},
		{`await "x"`, true},
		{"await {then: f}", true},
		{"await !x", true},
		{"await new X", true},
		{"await function(){}", true},
		{"if (a) { await b } else c()", true},
		{"for await (x of y) f(x)", true},
		{"x = `${await y}`", true},
		{"x = {[await y]: 1, a: await z}", true},
		{"x = a ? await b : c", true},
		{"await f(1) = 2", true},

		// Inside functions it is theirs.
		{"async function f() { await x }", false},
		{"async function f() { for await (x of y) ; }", false},
		{"x = async () => { await y }", false},
		{"x = async () => await y", false},
		{"x = async y => await y", false},
		{"x = async y => await y, await z", true},
		{"x = [async y => await y, await z]", true},
		{"x = async y => await y; await z", true},
		{"x = async y => await y\nawait z", true},
		{"x = a ? async y => await y : await z", true},
		{"x = {async m() { await y }}", false},
		{"x = {m: async function () { await y }, n: await z}", true},
		{"class A { async m() { await x } static async n() { await y } }", false},
		{"function f() { await x }", false},

		// A name.
		{"var await = 1; x = await + 1", false},
		{"await = f(1); await(x)", false},
		{"x.await; x.await(y); ({await: 1})", false},
		{"await\nx", false},
		{"x = await in y", false},
		{"x = await", false},
		{"function await(x) { }; await (x)", false},
		{`"await x"; /await x/; // await x`, false},

		// A call of await, if await is a name anywhere, else an operator.
		{"await (f())", true},
		{"await [a, b]", true},
		{"await /x/.y", true},
		{"await (f()); await = 2", false},
		{"function f() { await (x) }", false},
	} {
		if got := HasTopLevelAwait(c.src); got != c.want {
			t.Errorf("%q: got %v", c.src, got)
		}
		if r, err := Rewrite(c.src, testNames); err != nil || r.TopLevelAwait != c.want {
			t.Errorf("%q: Rewrite says %v, %v", c.src, r, err)
		}
	}
}

// TestAwaitWrapped tests the way a page with await goes: into an async
// function first, where await is an operator in all its forms.
func TestAwaitWrapped(t *testing.T) {
	src := "(async function () { f(1) = await (g(2)); await /x(1)=2/; f(await [3])++ })()"
	r := rewrite(t, src)
	want := "(async function () { REF(f,1).v = await (g(2)); await /x(1)=2/; REF(f,await [3]).v++ })()"
	if r.Text != want {
		t.Errorf("got %q, want %q", r.Text, want)
	}
	if err := parse(r.Text); err != nil {
		t.Error(err)
	}
}
