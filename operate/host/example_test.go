package host_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"testing/fstest"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/host"
)

// An application in a Go program that can be held, unloaded and loaded again
// while requests come.
func Example() {
	site := fstest.MapFS{"default.asp": {Data: []byte(`<%= 6 * 7 %>`)}}
	app, err := host.New(host.Config{
		Path:   "/",
		Logger: slog.New(slog.DiscardHandler),
		Start: func(_ context.Context, isolation string) (host.Runner, error) {
			if isolation != host.InProcess {
				return nil, host.ErrUnavailable
			}
			return engine.New(engine.Config{FS: site, Logger: slog.New(slog.DiscardHandler)})
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	defer app.Shutdown(ctx)
	get := func() {
		w := httptest.NewRecorder()
		app.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		fmt.Println(w.Code, app.Status().State)
	}
	get()
	_ = app.Hold(ctx, host.HoldRequest{Mode: host.Refuse})
	get()
	_ = app.ReleaseHold(ctx)
	_ = app.Unload(ctx)
	fmt.Println(app.Status().State)
	get() // starts it again
	// Output:
	// 200 running
	// 503 held: refuse
	// stopped
	// 200 running
}
