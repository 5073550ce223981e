package sessions_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/internal/sessions"
	"github.com/najahost/naja/internal/turn"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store/memory"
)

// A handler counts a visitor's visits: turn first, then the session, and the
// commit before the first byte.
func Example() {
	sessions, err := sessions.NewManager(sessions.Config{Store: memory.NewSessions()})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sessions.Close(context.Background())
	turns := turn.New(turn.Config{})

	visit := func(w http.ResponseWriter, r *http.Request) error {
		if key, ok := sessions.Key(r); ok {
			turn, err := turns.Enter(r.Context(), key)
			if err != nil {
				return err
			}
			defer turn.Leave()
		}
		h, err := sessions.Open(r.Context(), r, session.ReadWrite)
		if err != nil {
			return err
		}
		defer h.Discard() // does nothing after Close
		if err := h.Create(r.Context()); err != nil {
			return err
		}
		var visits int
		if raw, ok := h.Get("visits"); ok {
			if err := cborvalue.Decode(raw, &visits); err != nil {
				return err
			}
		}
		raw, err := cborvalue.FromGo(visits + 1)
		if err != nil {
			return err
		}
		if err := h.Set("visits", raw); err != nil {
			return err
		}
		if err := h.Close(r.Context(), w.Header()); err != nil {
			return err
		}
		fmt.Fprintf(w, "visit %d", visits+1)
		return nil
	}

	var cookies []*http.Cookie
	for range 3 {
		r := httptest.NewRequest("GET", "/", nil)
		for _, c := range cookies {
			r.AddCookie(c)
		}
		w := httptest.NewRecorder()
		if err := visit(w, r); err != nil {
			fmt.Println(err)
			return
		}
		cookies = append(cookies, w.Result().Cookies()...)
		fmt.Println(w.Body, len(w.Result().Cookies()))
	}
	// Output:
	// visit 1 1
	// visit 2 0
	// visit 3 0
}

// The holder of a turn leaves something for the next in line.
func ExampleTurn_SetHint() {
	turns := turn.New(turn.Config{
		Drop: func(hint any) { fmt.Println(hint, "goes back to the pool") },
	})
	first, _ := turns.Enter(context.Background(), "key")
	first.SetHint("apartment 1")
	first.Leave() // nobody waits
	_, free := turns.TryEnter("key")
	fmt.Println("free:", free)
	// Output:
	// apartment 1 goes back to the pool
	// free: true
}

// Session_OnEnd: a session that a page abandoned ends as soon as it is closed.
func ExampleConfig_onEnd() {
	ended := make(chan string)
	sessions, err := sessions.NewManager(sessions.Config{
		Store: memory.NewSessions(),
		OnEnd: func(_ context.Context, e *sessions.Ended) error {
			ended <- fmt.Sprint(e.Reason(), ", attempt ", e.Attempt())
			return nil
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sessions.Close(context.Background())

	r := httptest.NewRequest("GET", "/", nil)
	h, err := sessions.Open(r.Context(), r, session.ReadWrite)
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = h.Create(r.Context())
	_ = h.Abandon()
	if err := h.Close(r.Context(), http.Header{}); err != nil {
		fmt.Println(err)
	}
	fmt.Println(<-ended)
	// Output: abandon, attempt 1
}
