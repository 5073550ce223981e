package engine

import (
	"slices"
	"sync"
	"time"
)

// An ErrorGroup is an error that pages have had, however often.
type ErrorGroup struct {
	Page    string    `json:"page"` // that was asked for
	File    string    `json:"file"` // where it happened: the page, or an include
	Line    int       `json:"line"` // from 1; 0 when unknown
	Column  int       `json:"column"`
	Code    int       `json:"code"` // ASP's, 0 for none
	Message string    `json:"message"`
	Count   int64     `json:"count"`
	First   time.Time `json:"first"`
	Last    time.Time `json:"last"`
}

// Errors are the errors of pages and events since New or the last Recover, the
// last first: at most a hundred groups, the ones that were longest ago are
// forgotten.
func (e *Engine) Errors() []ErrorGroup { return e.errors.list() }

// maxErrorGroups and maxErrorText bound what errors are remembered.
const (
	maxErrorGroups = 100
	maxErrorText   = 1000 // bytes of a message
)

// An errorLog remembers the last errors. Any goroutine may use it; the zero
// errorLog is empty.
type errorLog struct {
	mu     sync.Mutex
	groups map[errorKey]*ErrorGroup
}

// An errorKey is what the errors of a group have in common.
type errorKey struct {
	page, file, message string
	line                int
}

// add counts an error of a page.
func (l *errorLog) add(page string, err error, now time.Time) {
	ae := errorOf(err)
	message := ae.Short
	if ae.Description != "" {
		message += ": " + ae.Description
	}
	if len(message) > maxErrorText {
		message = message[:maxErrorText] + "…"
	}
	k := errorKey{page, firstOf(ae.File, page), message, ae.Line}
	l.mu.Lock()
	defer l.mu.Unlock()
	g := l.groups[k]
	if g == nil {
		l.makeRoom()
		g = &ErrorGroup{Page: page, File: k.file, Line: ae.Line, Column: ae.Column, Code: ae.Code, Message: message, First: now}
		l.groups[k] = g
	}
	g.Count++
	g.Last = now
}

// makeRoom forgets the group that was longest ago. l.mu is held.
func (l *errorLog) makeRoom() {
	if l.groups == nil {
		l.groups = make(map[errorKey]*ErrorGroup)
	}
	if len(l.groups) < maxErrorGroups {
		return
	}
	var oldest errorKey
	var last time.Time
	for k, g := range l.groups {
		if last.IsZero() || g.Last.Before(last) {
			oldest, last = k, g.Last
		}
	}
	delete(l.groups, oldest)
}

func (l *errorLog) list() []ErrorGroup {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := make([]ErrorGroup, 0, len(l.groups))
	for _, g := range l.groups {
		list = append(list, *g)
	}
	slices.SortFunc(list, func(a, b ErrorGroup) int { return b.Last.Compare(a.Last) })
	return list
}

func (l *errorLog) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.groups)
}
