package admin

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/host"
)

// TestTrends makes points of counters, as charts show them.
func TestTrends(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	status := func(requests, failed, pages int64, run time.Duration) map[string]host.Status {
		return map[string]host.Status{"/": {Waiting: 1, Engine: engine.Status{
			Counts: engine.Counts{Requests: requests, Failed: failed, PageRequests: pages}, Busy: 2, Sessions: 7,
			Waiting: make([]engine.RequestStatus, 2), ApartmentList: []engine.ApartmentStatus{{Busy: engine.Seconds(run)}},
		}}}
	}
	all := make(trends)
	for _, step := range []struct {
		name  string
		after time.Duration
		of    map[string]host.Status
		want  string
	}{
		{"the first has nothing before it", 0, status(10, 1, 5, time.Second), `{"requests":null,"failures":null,"run":null,"busy":2,"waiting":3,"sessions":7}`},
		{"a second later", time.Second, status(30, 2, 9, 2*time.Second), `{"requests":20,"failures":1,"run":0.25,"busy":2,"waiting":3,"sessions":7}`},
		{"half a second, no page", time.Second / 2, status(31, 2, 9, 2*time.Second), `{"requests":2,"failures":0,"run":null,"busy":2,"waiting":3,"sessions":7}`},
		{"numbers that were reset", time.Second, status(3, 0, 1, time.Second), `{"requests":null,"failures":null,"run":null,"busy":2,"waiting":3,"sessions":7}`},
		{"after nobody looked", time.Minute, status(500, 0, 20, 9*time.Second), `{"requests":null,"failures":null,"run":null,"busy":2,"waiting":3,"sessions":7}`},
	} {
		at = at.Add(step.after)
		got, err := json.Marshal(all.add(at, step.of)["/"])
		if err != nil || string(got) != step.want {
			t.Errorf("%s: %s, %v, want %s", step.name, got, err, step.want)
		}
	}
}

// TestTrendsAreBounded keeps the last points in order, and nothing of an
// application that has gone.
func TestTrendsAreBounded(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	all := make(trends)
	for i := range 2*trendPoints + 7 {
		all.add(at.Add(time.Duration(i)*time.Second), map[string]host.Status{"/": {Engine: engine.Status{Busy: i}}, "/shop": {}})
	}
	points := all.all()["/"]
	if len(points) != trendPoints {
		t.Fatalf("%d points are kept", len(points))
	}
	for i, p := range points {
		if want := figure(trendPoints + 7 + i); p.Busy != want {
			t.Fatalf("point %d is that of %v, want %v", i, p.Busy, want)
		}
	}
	all.add(at.Add(time.Hour), map[string]host.Status{"/": {}})
	if _, there := all.all()["/shop"]; there {
		t.Error("an application that has gone still has points")
	}
}
