// Package asphttp is what HTTP is in ASP's terms: Request, Response, cookies, bodies and the text encodings of
// Server, without a script engine and without a listener.
//
// The engine makes one [Request] and one [Response] for each HTTP request. A script sees both through a thin layer
// of objects; what a member does, which error it raises and what goes over the wire is decided here.
//
//	body, err := asphttp.ReadBody(ctx, r, asphttp.BodyLimits{Max: 200000})   // before the request queues
//	req := asphttp.NewRequest(r, body, asphttp.RequestConfig{ScriptName: "/shop/a.asp"})
//	defer req.Close()                                                        // temporary files go here
//	res := asphttp.NewResponse(asphttp.ResponseConfig{Sink: sink, Limit: 4 << 20})
//	… the script runs …
//	status, reason, header := res.Prepare()                                  // when nothing was flushed
//
// Whatever a page hands over that would end in a header is checked here: CR, LF, NUL and other control characters
// are refused with an [*asp.Error] the script can catch, and nothing is added.
//
// Nothing in this package is safe for several goroutines at once unless its comment says so: a Request and a
// Response belong to the goroutine that runs the page.
package asphttp
