package asphttp

import (
	"fmt"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/codepage"
)

// CodePage is the code page text is written in.
func (r *Response) CodePage() *codepage.CodePage {
	if r.codePage == nil {
		return codepage.UTF8
	}
	return r.codePage
}

// SetCodePage changes the code page of what is written from now on; what is buffered stays as it is. The announced
// charset is the one in force when the header is sent, and what nobody has read of the request yet is decoded by it. ASP 0204 for a number that isn't known or can't be sent
// (UTF-16), ASP 0156 after the header.
func (r *Response) SetCodePage(number int) error {
	if err := r.enter(); err != nil {
		return err
	}
	defer r.mu.Unlock()
	if number == r.codePage.Number() {
		return nil
	}
	cp, ok := codepage.Lookup(number)
	if !ok || !cp.ASCIICompatible() {
		return asp.New(asp.CodeCodePageValue, fmt.Sprintf("(%d)", number))
	}
	if r.prepared {
		return asp.New(asp.CodeHeaderSent, "")
	}
	r.codePage = cp
	if r.cfg.Request != nil {
		r.cfg.Request.SetCodePage(cp)
	}
	return nil
}

// LCID is the locale of dates and numbers.
func (r *Response) LCID() int { return r.lcid }

// SetLCID changes the locale; ASP 0219 for a number that can't be one.
func (r *Response) SetLCID(lcid int) error {
	if err := r.enter(); err != nil {
		return err
	}
	defer r.mu.Unlock()
	if lcid <= 0 || lcid > 0xFFFFF {
		return asp.New(asp.CodeLCID, fmt.Sprintf("(%d)", lcid))
	}
	r.lcid = lcid
	return nil
}
