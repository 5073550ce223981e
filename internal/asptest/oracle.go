package asptest

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// An Oracle is the second client: while a test does its worst to a server, it
// asks the same server for a small page twenty times a second and wants each
// answer right and within ten seconds: what holds it up holds it for longer,
// and a busy machine doesn't. It stands for everybody else who uses the site.
// Asked and Worst may be called after Stop.
type Oracle struct {
	tb        testing.TB
	url, want string
	patience  time.Duration
	client    *http.Client
	transport *http.Transport

	stop, ended chan struct{}
	once        sync.Once
	took        []time.Duration
	wrong       []string
}

// oracleRest is the time between two requests.
const oracleRest = 50 * time.Millisecond

// Watch starts an oracle that asks addr for target and wants body. It is
// stopped at the latest when the test ends, which fails if an answer was wrong
// or late.
func Watch(tb testing.TB, addr, target, body string) *Oracle {
	tb.Helper()
	o := &Oracle{
		tb: tb, url: "http://" + addr + target, want: body, patience: 10 * time.Second,
		transport: &http.Transport{}, stop: make(chan struct{}), ended: make(chan struct{}),
	}
	o.client = &http.Client{Transport: o.transport, Timeout: time.Minute}
	go o.run()
	tb.Cleanup(o.Stop)
	return o
}

// Patience makes it wait longer, or less long, for an answer. Call it right
// after Watch.
func (o *Oracle) Patience(d time.Duration) *Oracle { o.patience = d; return o }

func (o *Oracle) run() {
	defer close(o.ended)
	defer o.transport.CloseIdleConnections()
	tick := time.NewTicker(oracleRest)
	defer tick.Stop()
	for n := 1; ; n++ {
		if n%10 == 0 {
			o.transport.CloseIdleConnections() // new connections are to be accepted too
		}
		began := time.Now()
		if err := o.ask(); err != nil {
			o.wrong = append(o.wrong, err.Error())
		}
		o.took = append(o.took, time.Since(began))
		select {
		case <-tick.C:
		case <-o.stop:
			return
		}
	}
}

func (o *Oracle) ask() error {
	r, err := o.client.Get(o.url)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK || string(body) != o.want {
		return fmt.Errorf("%d %.100q, %v", r.StatusCode, body, err)
	}
	return nil
}

// Stop ends it and reports what it saw. More than one call does no harm.
func (o *Oracle) Stop() {
	o.tb.Helper()
	o.once.Do(func() {
		close(o.stop)
		<-o.ended
		if len(o.wrong) > 0 {
			o.tb.Errorf("another client got %d wrong answers of %d: %s", len(o.wrong), len(o.took), strings.Join(o.wrong[:min(3, len(o.wrong))], "; "))
		}
		if worst := o.Worst(); worst > o.patience {
			o.tb.Errorf("another client waited %v for a small page", worst)
		}
	})
}

// Asked is how often it asked.
func (o *Oracle) Asked() int { return len(o.took) }

// Worst is the longest that an answer took.
func (o *Oracle) Worst() time.Duration { return slices.Max(o.took) }

// Percentile is the time within which the given part of its answers came: 0.99
// for all but one of a hundred.
func (o *Oracle) Percentile(part float64) time.Duration {
	sorted := slices.Sorted(slices.Values(o.took))
	return sorted[int(float64(len(sorted)-1)*part)]
}
