// Package bridge is what scsstore and gorillastore have in common: a
// [session.Handle] over another library's session.
//
// The library keeps Go values under keys that differ in case; a page keeps
// encoded values under keys that don't. A [Handle] stands between the two. It
// shows each Go value as a copy in the page's form, gathers what the page
// changes, and at a commit hands the library the changed keys and no others.
// What the library must be able to do for that is a [Backend].
//
// Values are turned around so that Go code goes on finding what it put: see
// [ToGo] for the types and [Place] for the turns.
package bridge
