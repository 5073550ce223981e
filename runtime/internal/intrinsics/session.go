package intrinsics

import (
	"hash/fnv"
	"io"
	"strconv"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/variant"
)

// A SessionObject is ASP's Session; calling it reads Contents.
type SessionObject struct{ contents }

// Class is the table of Session.
func (s *SessionObject) Class() *component.Class { return sessionClass }

var sessionClass = component.Make(component.Class{
	Name: "Session",
	Members: []component.Member{
		countedProperty("SessionID", "text", func(s *SessionObject) (variant.Value, error) {
			err := s.touch()
			return variant.String(long(s.Session.ID())), err
		}),
		component.Property("Timeout", "number",
			func(s *SessionObject) (variant.Value, error) {
				return variant.Double(s.Session.Timeout().Minutes()), nil
			},
			(*SessionObject).setTimeout),
		component.Property("LCID", "number",
			func(s *SessionObject) (variant.Value, error) { return numbers(s.Session.LCID()), nil },
			func(s *SessionObject, v variant.Value) error {
				n, err := s.number(v)
				if err == nil {
					err = s.Session.SetLCID(n)
				}
				if err == nil && s.Response != nil {
					err = s.Response.SetLCID(n)
				}
				return err
			}),
		component.Property("CodePage", "number",
			func(s *SessionObject) (variant.Value, error) { return numbers(s.Session.CodePage()), nil },
			func(s *SessionObject, v variant.Value) error {
				n, err := s.number(v)
				if err == nil && s.Response != nil {
					err = s.Response.SetCodePage(n)
				}
				if err == nil {
					err = s.Session.SetCodePage(n)
				}
				return err
			}),
		component.ReadOnly("Contents", "Session.Contents", func(s *SessionObject) variant.Value { return s.contentsObject() }),
		component.ReadOnly("StaticObjects", "Session.StaticObjects", func(s *SessionObject) variant.Value { return s.staticObjects() }),
		component.Action("Abandon", "()", func(s *SessionObject, _ component.Args) error { return s.Session.Abandon() }),
		component.Action("Renew", "()", func(s *SessionObject, _ component.Args) error { return s.Session.Renew() }),
		component.Action("Close", "()", func(s *SessionObject, _ component.Args) error {
			if err := s.Program.Save(InSession); err != nil { // and what is changed in a copy from now on is refused at the end
				return err
			}
			s.Program.Release()
			return s.Session.Close()
		}),
		ending("EndId", "text", func(e EndedSession) variant.Value { return variant.String(e.EndID()) }),
		ending("EndAttempt", "number", func(e EndedSession) variant.Value { return numbers(e.EndAttempt()) }),
		ending("EndReason", "text", func(e EndedSession) variant.Value { return variant.String(e.EndReason()) }),
		component.Indexed("Item", "(name)", "any", (*SessionObject).item, (*SessionObject).setItem),
		component.Indexed("Value", "(name)", "any", (*SessionObject).item, (*SessionObject).setItem),
	},
	Default: "Item",
	Enum:    func(o component.Object) (component.Enum, error) { return o.(*SessionObject).enum() },
	Keyed:   true,
})

func (s *SessionObject) setTimeout(v variant.Value) error {
	n, err := s.number(v)
	if err != nil {
		return err
	}
	if n < 1 || n > 525600 {
		return asp.New(164, "Session.Timeout is 1 to 525600 minutes")
	}
	return s.Session.SetTimeout(time.Duration(n) * time.Minute)
}

// ending is a property that Session has in Session_OnEnd alone; it is Empty
// elsewhere.
func ending(name, gives string, get func(EndedSession) variant.Value) component.Member {
	return component.ReadOnly(name, gives, func(s *SessionObject) variant.Value {
		if e, ok := s.Session.(EndedSession); ok {
			return get(e)
		}
		return variant.Empty
	})
}

// long is a session's number as ASP's is: the digits of a positive LONG, which
// pages keep in a column of that type. The id is longer; two sessions in a table
// of thousands may share a number, as they may in IIS after a restart.
func long(id string) string {
	const most = 1<<31 - 1
	if id == "" {
		return ""
	}
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		sum := fnv.New64a()
		io.WriteString(sum, id) // never fails
		n = sum.Sum64()
	}
	return strconv.FormatUint(n%most+1, 10)
}
