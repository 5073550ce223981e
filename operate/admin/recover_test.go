package admin

import (
	"fmt"
	"testing"
	"time"
)

func TestRecoverDeadLock(t *testing.T) {
	d := newDesk(t)
	d.done(d.post("/recover"), "/", "")
	holder := d.visiting("/lock.asp")
	d.running("/", "/lock.asp")
	waiter := d.visiting("/lock.asp")
	eventually(t, "somebody to have waited long", func() bool {
		waiters := d.app("/").Engine.Application.Waiters
		return len(waiters) == 1 && waiters[0].Age.Duration() > time.Second
	})
	d.post("/hold") // that somebody forgets
	got := d.post("/recover")
	d.done(got, "/", "")
	if len(got.Details) == 0 {
		t.Errorf("nothing is said: %s", got.text)
	}
	if status := <-holder; status != 503 {
		t.Errorf("the holder's client got %d", status)
	}
	if d.app("/").Hold != nil {
		t.Error("still held")
	}
	next := d.running("/", "/lock.asp") // the waiter has the lock now
	d.post("/recover", "id", fmt.Sprint(next))
	if status := <-waiter; status != 503 {
		t.Errorf("the waiter's client got %d", status)
	}
}
