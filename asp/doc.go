// Package asp has ASP's errors: an [Error] is what stops a page, with the number that IIS gave it, its place in the
// page's own source, and what Server.GetLastError tells of it. A Go program meets one in engine.Config.OnError.
package asp
