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
	"testing"
)

// The program as its users see it: one of them takes what there is.
func Example() {
	shop, err := newShop(&Stock{left: map[string]int{"flute": 1}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer shop.Shutdown(context.Background())
	server := httptest.NewServer(shop)
	defer server.Close()

	jar, err := cookiejar.New(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	client := &http.Client{Jar: jar}
	for range 2 {
		res, err := client.PostForm(server.URL+"/shop/", url.Values{"article": {"flute"}})
		if err != nil {
			fmt.Println(err)
			return
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(text(string(body)))
	}
	// Output:
	// Here you are. flute: 0 left basket: 0 left You took 1.
	// Sorry: no flute left flute: 0 left basket: 0 left You took 1.
}

// text is what stands in a page's paragraphs, without the buttons.
func text(page string) string {
	_, page, _ = strings.Cut(page, "</h1>")
	page = regexp.MustCompile(`(?s)<button.*?</button>|<[^>]*>`).ReplaceAllString(page, " ")
	return strings.Join(strings.Fields(page), " ")
}

// TestTwoShops runs the program's handler twice: they share nothing.
func TestTwoShops(t *testing.T) {
	for range 2 {
		shop, err := newShop(&Stock{left: map[string]int{"basket": 1}})
		if err != nil {
			t.Fatal(err)
		}
		defer shop.Shutdown(context.Background())
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodPost, "/shop/", strings.NewReader("article=basket"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		shop.ServeHTTP(w, r)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Here you are.") {
			t.Errorf("%d\n%s", w.Code, w.Body)
		}
	}
}
