// Package runtime compiles pages and runs them: it is the one package that
// knows the script engine, goja.
//
// A [Compiler] turns a page with its includes into a [Program], which is
// immutable and may be run by any number of goroutines at once. A [State] is
// one script's world: the intrinsics of one request on a fresh machine.
// It is made for one request, used by one goroutine (the apartment's) and
// thrown away, which is why no variable, no changed prototype and no queued
// promise job of one request is ever seen by another (bench/NOTES.md has the
// price: about 2 µs).
//
//	prog, err := compiler.Compile("shop/default.asp", files)
//	state := runtime.New(ctx, &runtime.Env{Request: req, Response: res})
//	err = state.Run(prog)   // on the apartment's goroutine
//	state.Interrupt(reason) // from any goroutine
//
// # Languages
//
// What a page's language is to the rest of this package stands in package
// language; [State] runs machines, whatever their language. JavaScript is the
// first (javascript.go), and what follows is about it.
//
// # How the intrinsics get there
//
// The global object's prototype is a host object that makes an intrinsic when
// a page first names it (global.go). So a page pays for what it uses, a page's
// own "var Session" shadows the intrinsic like any global, and the names that
// <object id=…> declares come the same way. Objects with members only
// (Response, Server) are dynamic objects; collections, which can be called,
// are proxies over a function (host.go). Member names are looked up without
// regard to case in tables that are made once and never change (class.go).
//
// # How a script is stopped
//
// Response.End, Response.Redirect, Server.Transfer and the script timeout
// stop the machines that run (stop.go). For JavaScript that is goja's interrupt,
// which no catch and no finally of the page sees.
//
// # What crosses the border
//
// goja values never leave this package. Stored values cross as encoded bytes
// (package cborvalue, walked in encode.go and decode.go with the limits first), errors as
// [asp.Error] with the page's own line and column (errors.go).
package runtime
