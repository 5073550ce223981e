// Package config reads what a naja server is told: a TOML file, flags and
// --set, the later of the two before the file, the file before the defaults.
//
// The file's top-level keys are the server's settings and the defaults of
// every application; each [[application]] has a path, a root and application
// keys of its own:
//
//	addr = "127.0.0.1:8080"
//	session_timeout = "30m"
//
//	[[application]]
//	path = "/"
//	root = "site"
//
//	[[application]]
//	path = "/shop"
//	root = "shop"
//	script_timeout = "20s"
//
// A duration is a text with its units, "90s" or "1h30m"; a bare number is
// refused because IIS counts some times in seconds and others in minutes. A
// size is a number of bytes. Relative folders and files in the file are
// relative to the file's own folder.
//
// --set and flags change top-level keys: an application's own key, being the
// more special one, stays as it is.
//
// Whatever can't be used (an unknown key, a wrong type, a key given twice, an
// impossible value) is an [Error] of one line that names the place, the key
// and what would be right.
package config
