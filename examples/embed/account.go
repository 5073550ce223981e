package main

import (
	"fmt"
	"net/http"

	"github.com/alexedwards/scs/v2"
)

// newAccount makes handlers of the usual kind. What they put into the session
// pages read as Session("user"), and the other way round.
func newAccount(sessions *scs.SessionManager) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /account/sign-in", func(w http.ResponseWriter, r *http.Request) {
		// A new id, so that nobody who knew the old one is signed in, too.
		if err := sessions.RenewToken(r.Context()); err != nil {
			http.Error(w, "the session can't be renewed", http.StatusInternalServerError)
			return
		}
		sessions.Put(r.Context(), "user", r.PostFormValue("user"))
		http.Redirect(w, r, "/shop/", http.StatusSeeOther)
	})
	mux.HandleFunc("GET /account/bill", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s took %d.\n", sessions.GetString(r.Context(), "user"), sessions.GetInt(r.Context(), "taken"))
	})
	return mux
}
