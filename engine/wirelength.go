package engine

import (
	"net/http"
	"strconv"
)

// promised is the length that the page promised, -1 if none.
func (wr *wire) promised(h http.Header) int64 {
	if wr.promise != nil {
		if n, ok := wr.promise(); ok {
			return n
		}
	}
	return declaredLength(h)
}

// declaredLength is what a header says the length is, -1 if nothing or no
// number; then it is taken out of the header.
func declaredLength(h http.Header) int64 {
	values := h["Content-Length"]
	if len(values) == 0 {
		return -1
	}
	length, err := strconv.ParseUint(values[0], 10, 63)
	for _, other := range values[1:] {
		if other != values[0] {
			err = strconv.ErrSyntax
		}
	}
	if err != nil {
		delete(h, "Content-Length")
		return -1
	}
	h["Content-Length"] = values[:1]
	return int64(length)
}
