package stores

import (
	"strings"
	"testing"

	"github.com/boj/redistore"
	"github.com/gorilla/sessions"
	gorillastore "github.com/najahost/naja/interop/gorilla"
	"github.com/wader/gormstore/v2"
)

// Stores that delete or lose what they save with MaxAge 0 are refused at the
// start: redistore deletes the session, gormstore stores it with a time that is
// over.
func TestAgeless(t *testing.T) {
	for name, open := range map[string]func(t *testing.T, age int) sessions.Store{
		"redistore v1.4.1": func(t *testing.T, age int) sessions.Store {
			st := openRedistore(t).gorilla.(*redistore.RediStore)
			st.SetMaxAge(age)
			return st
		},
		"gormstore v2.0.3": func(t *testing.T, age int) sessions.Store {
			st := openGormPostgres(t).gorilla.(*gormstore.Store)
			st.MaxAge(age)
			return st
		},
	} {
		t.Run(name, func(t *testing.T) {
			for age, refused := range map[int]bool{0: true, 3600: false} {
				_, err := gorillastore.New(gorillastore.Config{Store: open(t, age), Name: "session"})
				if refused != (err != nil && strings.Contains(err.Error(), "MaxAge 0")) {
					t.Errorf("MaxAge %d: %v", age, err)
				}
			}
		})
	}
}
