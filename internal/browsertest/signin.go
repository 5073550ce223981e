package browsertest

import (
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"
)

// SignIn answers the browser's questions for account and password from now on:
// with the given pairs in turn, then by giving up.
func (w *Window) SignIn(pairs ...[2]string) {
	w.tb.Helper()
	chromedp.ListenTarget(w.ctx, func(event any) {
		switch e := event.(type) {
		case *fetch.EventRequestPaused:
			go func() { _ = chromedp.Run(w.ctx, fetch.ContinueRequest(e.RequestID)) }()
		case *fetch.EventAuthRequired:
			w.mu.Lock()
			answer := &fetch.AuthChallengeResponse{Response: fetch.AuthChallengeResponseResponseCancelAuth}
			if len(pairs) > 0 {
				answer = &fetch.AuthChallengeResponse{
					Response: fetch.AuthChallengeResponseResponseProvideCredentials, Username: pairs[0][0], Password: pairs[0][1],
				}
				pairs = pairs[1:]
			}
			w.mu.Unlock()
			go func() { _ = chromedp.Run(w.ctx, fetch.ContinueWithAuth(e.RequestID, answer)) }()
		}
	})
	w.run(fetch.Enable().WithHandleAuthRequests(true))
}
