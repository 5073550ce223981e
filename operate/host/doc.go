// Package host puts an operator's hands on an application: an [Application] is
// an http.Handler in front of one that can be loaded and unloaded, held and
// released, updated and moved while requests come.
//
//	app, err := host.New(host.Config{Path: "/", Start: start})
//	if err != nil { … }
//	defer app.Shutdown(context.Background())
//	http.Handle("/", app)
//
// # Holds
//
// An operator's hold either refuses requests, with 503 and a page that asks to
// wait, or parks them: they wait, bounded in number and time, and are served
// afterwards in the order in which they came. Operations that need the
// application for themselves (unloading it, moving it, an update) park requests
// on their own account, beside the operator's hold. Who waits leaves when its
// client does.
//
// While nothing is held a request costs an atomic load and a counter here.
//
// # Operations
//
// One operation runs at a time; another one waits for it, as long as its
// context lets it. Hold and ReleaseHold wait for none: to release an
// application that an update holds ends the update, which puts everything back.
//
// # Goroutines
//
// An Application with a KeepAliveInterval has one, which Shutdown ends. All
// else runs on the goroutines of its callers: the first request of an unloaded
// application starts it, and the others wait.
package host
