// Package frame hands HTTP requests from one process to another over Unix
// sockets: the server process has a [Client], the worker process calls
// [Serve]. It is what lets an http.Handler stand in another process and be
// answered for as if it stood here.
//
// # What is carried
//
// There is no HTTP between the two, and so no hop: the worker's handler gets
// the request as net/http made it in the server process (method, URL, header
// fields, trailers, host, remote and local address, TLS), and the server
// process makes the same calls of its http.ResponseWriter that the handler
// made of the worker's, in their order and with their lengths. net/http frames
// the answer as it would have done for the handler itself: Content-Length,
// chunks, HEAD, 304, 100-continue, HTTP/2. Deadlines of writes, Flush, 1xx and
// trailers pass; Hijack doesn't.
//
// # Connections
//
// A request has a connection of a pool for itself while it lasts; two
// processes need no other flow control then than that of their sockets, and
// no goroutine but the one that handles the request on each side. In the
// common case each direction is one write. One further connection, the control
// connection, says what can't wait in line: that a client has left, that a
// deadline was moved into the past.
//
// A body is pulled: the handler's Read asks for a piece, and the server
// process reads from its client only then. So an upload waits where it would
// wait without a worker, and "Expect: 100-continue" is answered when the
// handler reads. While a handler waits for a piece, what it writes waits too,
// which nothing of naja minds: pages have their body before they run.
//
// # Wire format
//
// A connection begins with the client's preface: "NAJA", the version, the kind
// of connection, the client's number and the connection's. Then come frames: a
// byte that says what it is, three bytes of length, the payload. Lengths are
// bounded; a frame that isn't understood ends its connection, and nothing
// else. Numbers are unsigned varints, texts follow their length.
//
// # Who ends what
//
// [Client.Serve] never panics and never answers by itself. Where it returns
// [ErrAborted] or a [BrokenError] with Started, its caller panics with
// http.ErrAbortHandler, so that no half page looks whole; else nothing was
// sent yet and the caller may answer, with "Connection: close" where the
// request has a body: net/http waits for the rest of it otherwise.
package frame
