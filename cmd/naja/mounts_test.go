package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/najahost/naja/internal/asptest"
)

// A fakeSite answers with its name, and remembers that it was ended.
type fakeSite struct {
	name  string
	err   error
	ended *[]string
}

func (s fakeSite) ServeHTTP(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, s.name) }

func (s fakeSite) Shutdown(context.Context) error {
	*s.ended = append(*s.ended, s.name)
	return s.err
}

func TestMounts(t *testing.T) {
	all := mounts{{"/", fakeSite{name: "root"}}, {"/a", fakeSite{name: "a"}}, {"/a/b", fakeSite{name: "a/b"}}}
	inner := mounts{{"/a", fakeSite{name: "a"}}}
	tests := []struct {
		mounts     mounts
		path, want string
	}{
		{all, "/", "root"}, {all, "/x", "root"}, {all, "/ab", "root"}, {all, "/A", "root"},
		{all, "/a", "a"}, {all, "/a/", "a"}, {all, "/a/x", "a"}, {all, "/a/bc", "a"},
		{all, "/a/b", "a/b"}, {all, "/a/b/", "a/b"}, {all, "/a/b/c/d", "a/b"},
		{inner, "/a/x", "a"}, {inner, "/", "404 page not found\n"}, {inner, "/ab", "404 page not found\n"},
	}
	for _, test := range tests {
		w := httptest.NewRecorder()
		test.mounts.handler().ServeHTTP(w, httptest.NewRequest("GET", test.path, nil))
		if w.Body.String() != test.want {
			t.Errorf("%s: %q, want %q", test.path, w.Body.String(), test.want)
		}
	}
}

// A client that sends all of its request's body before it reads gets the answer.
func TestRefusalsAreRead(t *testing.T) {
	addr := asptest.Serve(t, &http.Server{Handler: mounts{{"/a", fakeSite{}}}.handler()})
	if r := asptest.Dial(t, addr).Post("/", 8<<20); r.Status != 404 || !r.Whole() {
		t.Errorf("%d, %v", r.Status, r.Err)
	}
}

// All are ended, the last first, whatever one of them says.
func TestMountsShutdown(t *testing.T) {
	var ended []string
	m := mounts{{"/", fakeSite{"one", nil, &ended}}, {"/b", fakeSite{"two", errors.New("no"), &ended}}, {"/c", fakeSite{"three", nil, &ended}}}
	err := m.shutdown(t.Context())
	if want := []string{"three", "two", "one"}; !slices.Equal(ended, want) {
		t.Errorf("ended %v, want %v", ended, want)
	}
	if err == nil || !strings.Contains(err.Error(), "/b: no") {
		t.Errorf("error %v, want one that names /b", err)
	}
}
