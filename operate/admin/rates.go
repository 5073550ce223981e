package admin

import (
	"math"
	"strconv"
	"time"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/host"
)

// trendPoints is how many points a chart has: five minutes of seconds.
const trendPoints = 300

// A figure is a number in a chart; NaN, where nothing was measured, is null
// in JSON.
type figure float64

// MarshalJSON writes three decimals at most: a chart shows no more.
func (f figure) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(f)) || math.IsInf(float64(f), 0) {
		return []byte("null"), nil
	}
	return strconv.AppendFloat(nil, math.Round(float64(f)*1e4)/1e4, 'f', -1, 64), nil
}

// A point is what the charts of an application show of one second.
type point struct {
	Requests figure `json:"requests"` // answered, each second
	Failures figure `json:"failures"` // of them, failed or refused
	Run      figure `json:"run"`      // seconds in an apartment, of each page
	Busy     figure `json:"busy"`     // apartments
	Waiting  figure `json:"waiting"`  // requests, those at the door of a held application too
	Sessions figure `json:"sessions"`
}

// A trend is the last points of one application.
type trend struct {
	points []point // a ring once it is full
	next   int
	last   counts
}

// counts are numbers that grow, of which points are the differences.
type counts struct {
	at                        time.Time
	requests, failures, pages int64
	run                       engine.Seconds
}

// trends keeps those of all applications. One goroutine at a time uses it.
type trends map[string]*trend

// add makes a point of each application, and forgets those that there are no
// more.
func (t trends) add(now time.Time, apps map[string]host.Status) map[string]point {
	latest := make(map[string]point, len(apps))
	for path, status := range apps {
		if t[path] == nil {
			t[path] = &trend{}
		}
		latest[path] = t[path].add(now, status)
	}
	for path := range t {
		if _, there := apps[path]; !there {
			delete(t, path)
		}
	}
	return latest
}

// all gives every point, the oldest first.
func (t trends) all() map[string][]point {
	all := make(map[string][]point, len(t))
	for path, of := range t {
		all[path] = append(append(make([]point, 0, len(of.points)), of.points[of.next:]...), of.points[:of.next]...)
	}
	return all
}

func (t *trend) add(now time.Time, status host.Status) point {
	is := countsOf(now, status)
	p := is.since(t.last)
	p.Busy, p.Sessions = figure(status.Engine.Busy), figure(status.Engine.Sessions)
	p.Waiting = figure(len(status.Engine.Waiting) + status.Waiting)
	t.last = is
	if len(t.points) < trendPoints {
		t.points = append(t.points, p)
		return p
	}
	t.points[t.next] = p
	t.next = (t.next + 1) % trendPoints
	return p
}

func countsOf(now time.Time, status host.Status) counts {
	e := status.Engine
	c := counts{at: now, requests: e.Requests + status.Refused, failures: e.Failed + e.Refused + status.Refused, pages: e.PageRequests}
	for _, a := range e.ApartmentList {
		c.run += a.Busy
	}
	return c
}

// since gives the rates between two moments. Numbers that were reset, or that
// are too old to say what a second was like, give none.
func (c counts) since(last counts) point {
	none := figure(math.NaN())
	p := point{Requests: none, Failures: none, Run: none}
	passed := c.at.Sub(last.at).Seconds()
	if last.at.IsZero() || passed <= 0 || passed > 5 || c.requests < last.requests || c.run < last.run {
		return p
	}
	p.Requests = figure(float64(c.requests-last.requests) / passed)
	p.Failures = figure(float64(max(0, c.failures-last.failures)) / passed)
	if pages := c.pages - last.pages; pages > 0 {
		p.Run = figure(time.Duration(c.run-last.run).Seconds() / float64(pages))
	}
	return p
}
