// Package forwarded reads what proxies say of the client that they speak for:
// X-Forwarded-For and X-Forwarded-Proto, or Forwarded (RFC 7239).
//
// Each proxy adds its own client at the end of a list, and passes on what the
// client said before it. So a list is read from its end, and only as far as
// those who wrote it are trusted: what stands further left is hearsay, and may
// be anything. Nothing there changes how the end is read, not even a quote
// that is never closed.
//
// Nothing here resolves names or keeps anything. All functions may be called
// from any goroutine.
package forwarded
