// Package sqlite keeps sessions and Application state in one SQLite file, so
// that they survive the process. Several processes of one host may share the
// file; so may several applications, each of which sees its own state only.
//
//	db, err := sqlite.Open(ctx, sqlite.Config{Path: "state.db"})
//	if err != nil { … }
//	defer db.Close()
//	sessions, application := db.Sessions(), db.Application()
//
// # What is promised
//
// What was acknowledged is on disk: a change is answered after the fsync of
// the transaction that it is part of. All that wait at that moment share one
// transaction and one fsync. With [Config.Relaxed] there is no fsync for each:
// what was acknowledged survives the end of the process, also by kill -9, but
// the last moments before a power cut may be lost; never is anything half
// there or damaged.
//
// Leases, claims and locks are shared between the processes like everything
// else but not synced: who holds one is a process of this host, which doesn't
// outlive a power cut either.
//
// # Processes
//
// SQLite's own locks keep the processes apart: one writes at a time, readers
// never wait. When a process dies in the middle of a write, its locks go with
// it and nothing of the write is seen. One that is stopped (SIGSTOP) exactly
// then keeps the others from writing until it goes on: they answer with errors
// meanwhile and hold nothing up for longer than their callers' contexts.
//
// Each DB holds a mark in the folder PATH-alive, which ends with its process:
// what a dead one had taken is given back by the others, at once when they want
// it. Who can't be told dead for sure is waited for until the lease ends.
//
// The file must be on a disk of the host, not on a network file system.
//
// # Time
//
// The clock is the host's, guarded so that it never goes back for any of the
// processes (clock.go).
//
// # Goroutines
//
// A [DB] has one that writes and a few that read, each with a connection of
// its own, and one that looks after the dead; Close waits for them. A caller whose context ends doesn't wait for
// the disk: it leaves with the context's error, and what it would have taken
// is given back.
package sqlite
