// Package admin is the maintenance console of applications: an [http.Handler]
// with a page for people, the same as JSON and XML for programs, metrics, and
// the requests that hold, release, load, unload, update and mend an
// application. It belongs on a listener of its own, never on that of a site;
// what is asked of it and what it answers stands in docs/operations.md.
//
//	console, err := admin.New(admin.Config{Applications: apps, Loopback: true})
//	if err != nil { … }
//	defer console.Close()
//	go http.Serve(loopbackListener, console)
//
// # Access
//
// Nobody may look at anything but /live and /ready without an account, unless
// the listener is a loopback one and no account is asked for; then the Host of
// each request has to be a loopback name, so that no web page can reach the
// console by a name of its own. Passwords travel over TLS or loopback alone.
// What changes something is a POST from the console's own pages, or from no
// page at all, with a token that GET /token hands out. Every change and every
// refused attempt is a line of the log.
//
// A program that has a login of its own sets [Config.Identify].
package admin
