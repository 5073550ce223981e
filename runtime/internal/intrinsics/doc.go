// Package intrinsics is ASP's own objects as tables of members: Request,
// Response, Server, Session, Application, ASPError and what they consist of. It
// knows no language and no engine: what an object asks of the program that uses
// it is [Program], and a language shows the tables to its pages.
//
// The tables also say what a member gives and takes. The report of a page, the
// rewriting of its text and docs/objects.md follow them.
package intrinsics
