// Package storetest checks that a store keeps the promises of the interfaces
// that it implements. Whoever writes a store calls it from a test:
//
//	func TestSessions(t *testing.T) {
//		storetest.RunSessions(t, storetest.Sessions{
//			Open: func(t *testing.T) store.Sessions { return mystore.Open(…) },
//			Wait: clock.Advance,
//		})
//	}
package storetest
