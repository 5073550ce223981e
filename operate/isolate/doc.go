// Package isolate serves an application from a process of its own: a crash, a
// leak or a script that never ends costs that process, its running requests
// and nobody else. A [Supervisor] stands in the server, as an [http.Handler]
// with an operator's methods; [Worker] is what the other process runs.
//
// # A worker's life
//
// The supervisor starts the worker with a control channel, a socket that
// already listens, a pipe for its log and a piece of shared memory; its
// settings come over the channel. The worker makes the engine and says that it
// is ready. From then on each request is handed to it (internal/frame). It is
// asked from time to time whether it is well, its memory is looked at, and it
// is replaced when its time has come: the new one is ready before the old one
// gets no more requests. It ends when it is told to and the channel closes;
// without the channel it ends too, whatever it does, and on Linux the kernel
// kills it together with its parent.
//
// # A worker's death
//
// What the worker was running when it died stands in the shared memory
// (blackbox.go). Those pages are suspects: each runs alone, in a worker of its
// own, until it ended well or was refused (suspects.go). Their requests get
// 502, or a connection that breaks off where a part of the answer had left;
// requests that the worker had not seen go to the next one.
//
// # Goroutines
//
// A worker has a goroutine that keeps its thread, to which the kernel ties the
// process, and five that read what it says and look after it (worker.go); an
// attempt to start one has one; one keeps house. [Supervisor.Shutdown] waits
// for all of them. In the other process, Worker has one that reports and those
// of internal/frame.
package isolate
