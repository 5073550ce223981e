package admin

import (
	"fmt"
	"sync"
	"testing"
)

// TestHammer: administrators, guessers and visitors at once, while an
// application is held, released, unloaded and loaded.
func TestHammer(t *testing.T) {
	const rounds = 40
	d := newDesk(t)
	token := d.aToken()
	post := func(path string, form ...string) reply {
		return d.ask("POST", path, form, signedIn, with(tokenHeader, token))
	}
	jobs := []func(i int) error{
		func(int) error { return allowed(d.get("/status.json"), 200) },
		func(int) error { return allowed(d.get("/status.xml"), 200) },
		func(int) error { return allowed(d.get("/metrics"), 200) },
		func(int) error { return allowed(d.get("/sessions.json"), 200, 409) },
		func(int) error { return allowed(d.get("/errors.json"), 200) },
		func(int) error { return allowed(d.ask("GET", "/ready", nil), 200, 503) },
		func(int) error { return allowed(d.ask("GET", "/status.json", nil), 401) },
		func(i int) error {
			return allowed(post([]string{"/hold", "/release-hold", "/pass", "/recover"}[i%4]), 200, 409)
		},
		func(i int) error { return allowed(post([]string{"/unload", "/load", "/keepalive"}[i%3]), 200, 409) },
		func(i int) error { return allowed(post("/maint-mode", "on", fmt.Sprint(i%2)), 200, 409) },
		func(int) error {
			if status, _ := d.visit("/"); status != 200 && status != 503 {
				return fmt.Errorf("a visitor got %d", status)
			}
			return nil
		},
	}
	var all sync.WaitGroup
	for _, job := range jobs {
		all.Go(func() {
			for i := range rounds {
				if err := job(i); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	d.ask("POST", "/release-hold", nil, signedIn, with(tokenHeader, token))
	if status, text := d.visit("/"); status != 200 || text != "hello" {
		t.Errorf("afterwards: %d %s", status, text)
	}
}

// allowed says what is wrong with an answer of another status.
func allowed(got reply, statuses ...int) error {
	for _, s := range statuses {
		if got.status == s {
			return nil
		}
	}
	return fmt.Errorf("got %d %.200s, want one of %v", got.status, got.text, statuses)
}
