package engine

import "time"

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

// Errors are the errors of pages and events, the last first: at most a
// hundred, the others are forgotten.
func (e *Engine) Errors() []ErrorGroup { return nil }
