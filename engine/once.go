package engine

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/session"
)

// Request.Once runs a page once for a token: who sends the same request again, a
// client whose connection died or a visitor who pressed the button twice, gets the
// first's answer. The token is a form's hidden field or the header
// Idempotency-Key (draft-ietf-httpapi-idempotency-key-header).

// What is kept of tokens, in a session and in Application.
const (
	maxTokens      = 64       // the oldest go first
	maxOnceBody    = 16 << 10 // an answer that is longer isn't kept
	maxInSession   = 64 << 10 // bytes of all
	maxInApp       = 256 << 10
	maxTokenLength = 255
	minShared      = 16 // characters of a token that all clients share
)

// onceKey is where they are.
const onceKey = staticKey + "once"

// A token is what is known of one.
type token struct {
	Name   string      `json:"n"`           // page and token, hashed
	Until  int64       `json:"u,omitempty"` // ms: its request runs until then at the longest; 0: it has ended
	Status int         `json:"s,omitempty"` // 0: the answer isn't kept
	Reason string      `json:"r,omitempty"`
	Header http.Header `json:"h,omitempty"`
	Body   []byte      `json:"b,omitempty"`
}

// tokens are those of one session or application, the oldest first.
type tokens []token

// readTokens reads what a store kept; what can't be read is none.
func readTokens(raw []byte) (list tokens) {
	if len(raw) == 0 {
		return nil
	}
	t, err := cborvalue.NewDecoder(raw).Next()
	if err != nil || t.Kind != cborvalue.KindString || json.Unmarshal([]byte(t.Str), &list) != nil {
		return nil
	}
	return list
}

// raw is what a store keeps, within its bounds: answers go first, then tokens.
func (list tokens) raw(most int) ([]byte, error) {
	if n := len(list) - maxTokens; n > 0 {
		list = slices.Delete(list, 0, n)
	}
	for i := 0; ; i++ {
		text, err := json.Marshal(list)
		if err != nil {
			return nil, err
		}
		if len(text) <= most || i >= 2*maxTokens || len(list) == 0 {
			var enc cborvalue.Encoder
			_ = enc.String(string(text))
			return enc.Finish()
		}
		if i < len(list) && list[i].Status != 0 {
			list[i] = token{Name: list[i].Name}
		} else if i >= len(list) {
			list = list[1:]
		}
	}
}

func (list tokens) find(name string) (token, bool) {
	i := slices.IndexFunc(list, func(t token) bool { return t.Name == name })
	if i < 0 {
		return token{}, false
	}
	return list[i], true
}

// with has a token in the place of the one of its name.
func (list tokens) with(t token) tokens { return append(list.without(t.Name), t) }

func (list tokens) without(name string) tokens {
	return slices.DeleteFunc(slices.Clone(list), func(t token) bool { return t.Name == name })
}

// A once is a token that its request is the first to bring.
type once struct {
	name   string
	shared bool // by all of the application
}

// errSeen says that a token was there already.
var errSeen = errors.New("the token was used before")

// onceOf is Request.Once. Where the token was there it makes the answer.
func (x *running) onceOf(text, scope string) (first bool, err error) {
	text = unquoted(text)
	o, err := x.tokenOf(text, scope)
	if err != nil {
		return false, err
	}
	if text == "" || len(text) > maxTokenLength || o.shared && len(text) < minShared {
		return false, x.refuseOnce(http.StatusBadRequest, "The request needs an Idempotency-Key of "+bounds(o.shared)+" characters.")
	}
	if x.once != nil {
		return false, asp.New(asp.CodeNotAllowed, "Request.Once is called once by a page")
	}
	if x.res.HeadersSent() {
		return false, asp.New(asp.CodeHeaderSent, "Request.Once comes before anything is sent")
	}
	var was token
	err = x.tokens(o, x.view, func(list tokens) (tokens, error) {
		var there bool
		if was, there = list.find(o.name); there && (was.Until == 0 || time.UnixMilli(was.Until).After(time.Now())) {
			return nil, errSeen
		}
		return list.with(token{Name: o.name, Until: time.Now().Add(x.e.live().ScriptTimeoutMax).UnixMilli()}), nil
	})
	switch {
	case err == nil:
		x.once = &o
		return true, nil
	case !errors.Is(err, errSeen):
		return false, err
	case was.Status == 0:
		text := "This request was made before, and its answer isn't kept."
		if was.Until != 0 {
			text = "This request is being worked on."
		}
		return false, x.refuseOnce(http.StatusConflict, text)
	}
	return false, x.again(was)
}

func bounds(shared bool) string {
	least := 1
	if shared {
		least = minShared
	}
	return fmt.Sprintf("%d to %d", least, maxTokenLength)
}

// unquoted is a token as the header has it: a string in quotes (RFC 8941 section
// 3.3.3), or as it stands.
func unquoted(text string) string {
	text = strings.TrimSpace(text)
	if len(text) >= 2 && text[0] == '"' && text[len(text)-1] == '"' {
		return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(text[1 : len(text)-1])
	}
	return text
}

// tokenOf names a token: it is one page's.
func (x *running) tokenOf(text, scope string) (once, error) {
	o := once{}
	switch strings.ToLower(scope) {
	case "", "session":
		if x.sess == nil || x.mode != session.ReadWrite {
			return o, asp.New(asp.CodeNotAllowed, `Request.Once needs a session that the page may write to, or "application" as its scope`)
		}
	case "application":
		o.shared = true
	default:
		return o, asp.New(asp.CodeNotAllowed, `the scope of Request.Once is "session" or "application"`)
	}
	hash := sha256.Sum256([]byte(x.name + "\x00" + x.r.Method + "\x00" + text))
	o.name = base64.RawURLEncoding.EncodeToString(hash[:15])
	return o, nil
}

// tokens changes those of a scope in one step; an error changes nothing. view is
// one of Application that hasn't ended.
func (x *running) tokens(o once, view *shared.View, change func(tokens) (tokens, error)) error {
	if o.shared {
		return applicationError(view.UpdateReserved(x.detached(), "once", func(raw []byte) ([]byte, error) {
			list, err := change(readTokens(raw))
			if err != nil {
				return nil, err
			}
			return list.raw(maxInApp)
		}))
	}
	return x.sess.write(func() error {
		raw, _ := x.handle.Get(onceKey)
		list, err := change(readTokens(raw))
		if err != nil {
			return err
		}
		if raw, err = list.raw(maxInSession); err != nil {
			return err
		}
		return x.handle.Set(onceKey, raw)
	})
}

// again makes the first request's answer. Cookies aren't repeated.
func (x *running) again(t token) error {
	if err := x.res.Reset(); err != nil {
		return err
	}
	if err := x.res.SetStatus(strings.TrimSpace(strconv.Itoa(t.Status) + " " + t.Reason)); err != nil {
		return err
	}
	for name, values := range t.Header {
		for _, v := range values {
			if err := x.res.AddHeader(name, v); err != nil {
				return err
			}
		}
	}
	return x.res.BinaryWrite(t.Body)
}

// refuseOnce answers for a token that there is no answer for.
func (x *running) refuseOnce(status int, text string) error {
	rf := refusal{status: status, text: text}
	return x.res.Replace(rf.statusLine(), x.e.own(status, rf.page()))
}

// settleOnce notes the answer of a request that was the first with its token, or
// forgets the token where the page failed: then it may run again. It comes before
// the session is stored, with what the page did to it.
func (x *running) settleOnce() {
	o := x.once
	if o == nil || x.handle == nil && !o.shared {
		return
	}
	view := x.app.state.Begin(ownerOf(x)) // the page's has ended with it
	defer view.End(true)
	err := x.tokens(*o, view, func(list tokens) (tokens, error) {
		if x.seen.failed.Load() || x.failure != nil {
			return list.without(o.name), nil
		}
		return list.with(x.answered(o.name)), nil
	})
	if err != nil && !errors.Is(err, session.ErrClosed) {
		x.e.cfg.Logger.Error("Request.Once: the answer isn't kept", "page", x.prog.Name(), "error", err.Error())
	}
}

// answered is a token with the page's answer, where that can be kept.
func (x *running) answered(name string) token {
	t := token{Name: name}
	if x.wire.HasStarted() || x.res.BufferedBytes() > maxOnceBody {
		return t
	}
	status, reason, header := x.res.Prepare()
	t.Status, t.Reason, t.Body = status, reason, x.res.Body()
	t.Header = header.Clone()
	for _, name := range [...]string{"Set-Cookie", "Content-Length", "Date"} {
		t.Header.Del(name)
	}
	return t
}
