package browsertest

import (
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Do evaluates an expression in the page for what it does.
func (w *Window) Do(expression string) {
	w.tb.Helper()
	w.run(chromedp.Evaluate(expression, nil))
}

// Await evaluates an expression in the page that is a promise, and waits until
// it is kept.
func (w *Window) Await(expression string) {
	w.tb.Helper()
	w.run(chromedp.Evaluate(expression, nil, func(p *runtime.EvaluateParams) *runtime.EvaluateParams {
		return p.WithAwaitPromise(true)
	}))
}

// Text is what an expression is in the page. It must be a string.
func (w *Window) Text(expression string) (value string) {
	w.tb.Helper()
	w.run(chromedp.Evaluate(expression, &value))
	return value
}

// Number is what an expression is in the page. It must be a whole number.
func (w *Window) Number(expression string) (value int) {
	w.tb.Helper()
	w.run(chromedp.Evaluate(expression, &value))
	return value
}

// Is fails unless an expression, as a string, is what it should be.
func (w *Window) Is(expression, want string) {
	w.tb.Helper()
	if got := w.Text("String(" + expression + ")"); got != want {
		w.tb.Errorf("%s is %q, want %q", expression, got, want)
	}
}

// Until waits for an expression to be true. Between two pages there is no page
// to ask; that isn't an error yet.
func (w *Window) Until(expression string) {
	w.tb.Helper()
	tick := time.NewTicker(30 * time.Millisecond)
	defer tick.Stop()
	for {
		var is bool
		if err := chromedp.Run(w.ctx, chromedp.Evaluate("Boolean(("+expression+"))", &is)); err == nil && is {
			return
		}
		select {
		case <-tick.C:
		case <-w.ctx.Done():
			var text string
			_ = chromedp.Run(w.tab, chromedp.Evaluate("document.body.innerText", &text))
			w.tb.Fatalf("waited in vain for %s in\n%s", expression, text)
		}
	}
}
