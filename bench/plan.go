package main

import (
	"slices"
	"time"

	"github.com/najahost/naja/bench/internal/figures"
	"github.com/najahost/naja/bench/internal/load"
	"github.com/najahost/naja/bench/internal/server"
	"github.com/najahost/naja/operate/isolate"
)

// A plan is what is measured, and for how long.
type plan struct {
	site  server.Site
	cells []cellPlan
	slow  []figures.SlowCase
}

type cellPlan struct {
	figures.Case
	load.Pace
}

// What the matrix is made of when nothing else is said.
func defaultSizes() []int   { return []int{1 << 10, 10 << 10, 100 << 10, 1 << 20} }
func defaultFlushes() []int { return []int{0, 1, 10, 100} }

// usual is the line of a case where nothing else is of interest.
func usual(c figures.Case) figures.Case {
	c.HTTP, c.KeepAlive, c.Concurrency = "1.1", true, 16
	return c
}

func newPlan(s settings) plan {
	p := plan{site: server.Site{
		Sizes: or(s.sizes, defaultSizes()), Flushes: or(s.flushes, defaultFlushes()),
		Waiting: []int{0, 1, server.WaitingParts - 1},
	}}
	if s.wants("page") {
		p.pages(s)
	}
	if s.wants("waiting") {
		p.waiting(s)
	}
	if s.wants("isolated") && isolate.Available() {
		p.isolated(s)
	}
	if s.wants("slow") {
		p.slowReaders(s)
	}
	if s.wants("matrix") {
		p.matrix(s)
	}
	return p
}

// or is the list that was given, else the default.
func or[T any](given, byDefault []T) []T {
	if given != nil {
		return given
	}
	return byDefault
}

// pace is the group's own unless the command line says another.
func (s settings) pace(rounds int, round time.Duration) load.Pace {
	if s.rounds > 0 {
		rounds = s.rounds
	}
	if s.round > 0 {
		round = s.round
	}
	return load.Pace{Rounds: rounds, Round: round}
}

func (p *plan) add(c figures.Case, pace load.Pace) {
	p.cells = append(p.cells, cellPlan{c, pace})
}

// pages measures the pages that do what pages do, in more rounds: these are
// the ratios that are compared from version to version.
func (p *plan) pages(s settings) {
	pace := s.pace(9, 500*time.Millisecond)
	if s.quick {
		pace = s.pace(3, 200*time.Millisecond)
	}
	for _, page := range server.OrdinaryPages() {
		p.add(usual(figures.Case{Group: figures.Page, Name: page.Path, Size: page.Size(), Flushes: page.Flushes}), pace)
	}
}

// isolated measures pages in a worker process beside the same in this one.
func (p *plan) isolated(s settings) {
	pace := s.pace(9, 500*time.Millisecond)
	if s.quick {
		pace = s.pace(3, 200*time.Millisecond)
	}
	p.site.Isolated = true
	for _, page := range server.OrdinaryPages() {
		if page.Path == server.HelloPath || page.Path == server.SessionPath {
			p.add(usual(figures.Case{Group: figures.Isolated, Name: page.Path, Size: page.Size()}), pace)
		}
	}
	p.add(usual(figures.Case{Group: figures.Isolated, Name: server.MatrixPath(server.LargeSize, 0), Size: server.LargeSize}), pace)
}

func (p *plan) waiting(s settings) {
	pace := s.pace(3, time.Second)
	if s.quick {
		pace = s.pace(2, 600*time.Millisecond)
	}
	for _, flushes := range p.site.Waiting {
		page := server.WaitingPage(flushes)
		p.add(usual(figures.Case{Group: figures.Waiting, Name: page.Path, Size: page.Size(), Flushes: flushes}), pace)
	}
}

// slowReaders has as many readers as apartments: they can take all of them.
func (p *plan) slowReaders(s settings) {
	size, flushes := slices.Max(p.site.Sizes), p.site.Flushes
	lineRate := 128 << 10
	if s.quick {
		lineRate = 512 << 10
	}
	// Buffered, and the number of flushes that is nearest to a usual one.
	for _, n := range []int{slices.Min(flushes), flushes[len(flushes)/2]} {
		c := figures.SlowCase{Size: size, Flushes: n, Readers: server.NarrowApartments, Apartments: server.NarrowApartments, LineRate: lineRate}
		if !slices.Contains(p.slow, c) {
			p.slow = append(p.slow, c)
		}
	}
}

// matrix is every combination; a quick one, unless its lists are given, has
// all sizes and flushes on the usual line, and on other lines the middle ones.
func (p *plan) matrix(s settings) {
	pace := s.pace(3, 250*time.Millisecond)
	concurrency := or(s.concurrency, []int{1, 16, 64})
	quick := s.quick && s.sizes == nil && s.flushes == nil && s.concurrency == nil && s.http == nil && s.keepAlive == nil
	if s.quick {
		pace = s.pace(3, 120*time.Millisecond)
		concurrency = or(s.concurrency, []int{16})
	}
	for _, visitors := range concurrency {
		for _, http := range or(s.http, []string{"1.1", "1.0"}) {
			for _, keep := range or(s.keepAlive, []bool{true, false}) {
				for _, size := range p.site.Sizes {
					for _, flushes := range p.site.Flushes {
						c := figures.Case{
							Group: figures.Matrix, Name: server.MatrixPath(size, flushes), Size: size, Flushes: flushes,
							HTTP: http, KeepAlive: keep, Concurrency: visitors,
						}
						if quick && c != usual(c) && (size != 10<<10 || flushes > 10) {
							continue
						}
						p.add(c, pace)
					}
				}
			}
		}
	}
}

// time is how long it takes, about.
func (p *plan) time() (t time.Duration) {
	for _, c := range p.cells {
		t += c.Time()
	}
	for _, c := range p.slow {
		t += slowTime(c)
	}
	return t
}

// slowTime is how long slow readers take, of naja and of the plain handler.
func slowTime(c figures.SlowCase) time.Duration {
	return 2 * time.Second * time.Duration(c.Size) / time.Duration(c.LineRate)
}
