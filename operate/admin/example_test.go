package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing/fstest"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/admin"
	"github.com/najahost/naja/operate/host"
)

// A program serves a site on one listener and, because it wants to, the
// console on another.
func Example() {
	metrics, passes := admin.NewMetrics(), admin.NewPasses()
	app, err := host.New(host.Config{
		Path: "/",
		Pass: func(r *http.Request) bool { return passes.Holds("/", r) },
		Start: func(context.Context, string) (host.Runner, error) {
			return engine.New(engine.Config{
				FS:       fstest.MapFS{"default.asp": {Data: []byte("hello")}}, // or Root: "site"
				Observer: metrics,
			})
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer app.Shutdown(context.Background())

	console, err := admin.New(admin.Config{
		Applications: []*host.Application{app}, Metrics: metrics, Passes: passes,
		Loopback: true, // the listener's address is 127.0.0.1
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer console.Close()

	site := passes.Handler("/", app) // http.Serve(listener, site)
	w := httptest.NewRecorder()
	site.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	fmt.Println(w.Body)

	w = httptest.NewRecorder() // http.Serve(loopbackListener, console)
	r := httptest.NewRequest(http.MethodGet, "http://localhost/status.json", nil)
	r.RemoteAddr = "127.0.0.1:1234"
	console.ServeHTTP(w, r)
	fmt.Println(w.Code, w.Header().Get("Content-Type"))

	// Output:
	// hello
	// 200 application/json; charset=utf-8
}

// A program that has a login of its own mounts the console behind it.
func ExampleConfig_identify() {
	console, err := admin.New(admin.Config{
		Identify: func(r *http.Request) (account string, ok bool) {
			// … the program's own session says who it is.
			account = r.Header.Get("X-Who")
			return account, account == "ada"
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer console.Close()
	for _, who := range []string{"ada", "bob"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/status.json", nil)
		r.Header.Set("X-Who", who)
		console.ServeHTTP(w, r)
		fmt.Println(who, w.Code)
	}
	// Output:
	// ada 200
	// bob 403
}
