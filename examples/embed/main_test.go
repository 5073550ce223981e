package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// The program as its users see it: one of them takes what there is, signs in,
// takes more than there is, and asks for the bill.
func Example() {
	handler, shop, err := newProgram(&Stock{left: map[string]int{"flute": 1}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer shop.Shutdown(context.Background())
	server := httptest.NewServer(handler)
	defer server.Close()

	user := newUser(server)
	fmt.Println(user.post("/shop/", "article", "flute"))
	fmt.Println(user.post("/account/sign-in", "user", "Ann & Bob"))
	fmt.Println(user.post("/shop/", "article", "flute"))
	fmt.Println(user.get("/account/bill"))
	// Output:
	// Here you are. flute: 0 left basket: 0 left You took 1. The bill Your name
	// flute: 0 left basket: 0 left You took 1. The bill You are Ann &amp; Bob .
	// Sorry: no flute left flute: 0 left basket: 0 left You took 1. The bill You are Ann &amp; Bob .
	// Ann & Bob took 1.
}

// TestTurns sends a user's requests to a page and to a handler all at once.
// They share one queue, so nothing is lost.
func TestTurns(t *testing.T) {
	const each = 10
	handler, shop, err := newProgram(&Stock{left: map[string]int{"basket": each}})
	if err != nil {
		t.Fatal(err)
	}
	defer shop.Shutdown(context.Background())
	server := httptest.NewServer(handler)
	defer server.Close()
	user := newUser(server)
	user.post("/account/sign-in", "user", "Ann")

	var all sync.WaitGroup
	for range each {
		all.Go(func() { user.post("/shop/", "article", "basket") })
		all.Go(func() { user.get("/account/bill") })
	}
	all.Wait()
	if bill := user.get("/account/bill"); bill != "Ann took 10." {
		t.Error(bill)
	}
}

// TestTwoPrograms runs the program twice: they share nothing.
func TestTwoPrograms(t *testing.T) {
	for range 2 {
		handler, shop, err := newProgram(&Stock{left: map[string]int{"basket": 1}})
		if err != nil {
			t.Fatal(err)
		}
		defer shop.Shutdown(context.Background())
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodPost, "/shop/", strings.NewReader("article=basket"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Here you are.") {
			t.Errorf("%d\n%s", w.Code, w.Body)
		}
	}
}

// A user is a browser with cookies, who reads text alone.
type user struct {
	http *http.Client
	base string
}

func newUser(server *httptest.Server) user {
	jar, _ := cookiejar.New(nil)
	return user{&http.Client{Jar: jar, Transport: server.Client().Transport}, server.URL}
}

func (u user) post(path, name, value string) string {
	return read(u.http.PostForm(u.base+path, url.Values{name: {value}}))
}

func (u user) get(path string) string { return read(u.http.Get(u.base + path)) }

// read is what stands in a page, without heading and buttons.
func read(res *http.Response, err error) string {
	if err != nil {
		return err.Error()
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err.Error()
	}
	page := string(body)
	if _, after, ok := strings.Cut(page, "</h1>"); ok {
		page = after
	}
	page = regexp.MustCompile(`(?s)<button.*?</button>|<[^>]*>`).ReplaceAllString(page, " ")
	return strings.Join(strings.Fields(page), " ")
}
