// Package load makes visitors who ask the server for pages, and measures what
// they got and what it cost. naja and the plain handler take turns within a
// few tenths of a second, so that whatever else the machine does disturbs both
// alike.
//
// fortio's runner is the loop: so many visitors, each of whom asks again as
// soon as the answer is there. Each visitor is a [wire.Client], which sees what
// fortio's own clients hide.
package load
