// Package turn lets one request of a session run at a time: [Turns] puts those
// of one key in line within this process, in order of arrival and bounded. It
// knows nothing of sessions but their keys, and starts no goroutine.
package turn
