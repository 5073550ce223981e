package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/najahost/naja/store"
)

func TestSecondsKeepEveryNanosecond(t *testing.T) {
	for _, d := range []time.Duration{0, 1, -1, time.Second, -time.Second, 1500 * time.Millisecond, 1<<63 - 1, -1 << 63, 12345678901234567} {
		text, err := json.Marshal(Seconds(d))
		var back Seconds
		if err == nil {
			err = json.Unmarshal(text, &back)
		}
		var number float64
		if err == nil {
			err = json.Unmarshal(text, &number)
		}
		if err != nil || back.Duration() != d || math.Abs(number-d.Seconds()) > math.Abs(number)*1e-15 {
			t.Errorf("%d: %s, %d, %v, %v", d, text, back, number, err)
		}
	}
	for text, want := range map[string]string{"1.5": "1.5s", "1e-3": "1ms", "null": "0s", "90": "1m30s"} {
		var s Seconds
		if err := json.Unmarshal([]byte(text), &s); err != nil || s.String() != want {
			t.Errorf("%s: %v, %v", text, s, err)
		}
	}
	for _, text := range []string{`"1m"`, `1e300`, `true`} {
		if err := json.Unmarshal([]byte(text), new(Seconds)); err == nil {
			t.Errorf("%s is taken", text)
		}
	}
}

// What workers send to their parent is read back as it was.
func TestWhatOperatorsSeeGoesThroughJSON(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, v := range []any{
		Status{}, Loaded{}, Interrupted{}, Recovered{}, KeptAlive{}, SessionPage{}, SessionDetail{}, ErrorGroup{}, Reconfigured{},
	} {
		for range 20 {
			in := reflect.New(reflect.TypeOf(v))
			scramble(in.Elem(), random)
			text, err := json.Marshal(in.Interface())
			if err != nil {
				t.Fatal(err)
			}
			out := reflect.New(reflect.TypeOf(v))
			if err := json.Unmarshal(text, out.Interface()); err != nil || !reflect.DeepEqual(in.Interface(), out.Interface()) {
				t.Fatalf("%v\n%+v\n%+v\n%s", err, in.Elem(), out.Elem(), text)
			}
			var names map[string]any
			if err := json.Unmarshal(text, &names); err != nil {
				t.Fatal(err)
			}
			for name := range names {
				if name != strings.ToLower(name) {
					t.Errorf("%T has %q", v, name)
				}
			}
		}
	}
}

// scramble fills a value with whatever there is.
func scramble(v reflect.Value, random *rand.Rand) {
	switch v.Kind() {
	case reflect.Struct:
		if at, ok := v.Addr().Interface().(*time.Time); ok {
			*at = time.Unix(random.Int64N(1e9), random.Int64N(1e9)).UTC()
			return
		}
		for i := range v.NumField() {
			scramble(v.Field(i), random)
		}
	case reflect.Pointer:
		if random.IntN(2) == 0 {
			v.Set(reflect.New(v.Type().Elem()))
			scramble(v.Elem(), random)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), random.IntN(3), 3))
		for i := range v.Len() {
			scramble(v.Index(i), random)
		}
	case reflect.String:
		v.SetString(fmt.Sprint("té<&>", random.Int()))
	case reflect.Bool:
		v.SetBool(random.IntN(2) == 0)
	case reflect.Int, reflect.Int64:
		v.SetInt(random.Int64())
	case reflect.Float64:
		v.SetFloat(random.Float64())
	}
}

func TestErrorsAreGroupedAndBounded(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"a.asp":   "\n<% throw new Error(\"no \" + Request.QueryString(\"n\")) %>",
		"inc.asp": `<!--#include file="b.inc"-->`, "b.inc": "\n\n<% nothing() %>",
		"bad.asp": `<% var %>`,
	})
	g := pg.guest()
	for _, url := range []string{"/a.asp?n=1", "/a.asp?n=2", "/a.asp?n=1", "/inc.asp", "/bad.asp"} {
		g.refused(url)
	}
	list := pg.Errors()
	if len(list) != 4 || list[0].Page != "bad.asp" || list[1].File != "b.inc" || list[1].Page != "inc.asp" || list[1].Line != 3 {
		t.Fatalf("%+v", list)
	}
	if one := list[2]; one.Count != 2 || !strings.Contains(one.Message, "no 1") || !one.Last.After(one.First) || one.Line != 2 {
		t.Errorf("%+v", one)
	}
	for i := range 3 * maxErrorGroups {
		pg.Engine.errors.add(asked{}, "a.asp", fmt.Errorf("error %d %s", i, strings.Repeat("x", 5000)), time.Now())
	}
	list = pg.Errors()
	if len(list) != maxErrorGroups || !strings.Contains(list[0].Message, fmt.Sprint("error ", 3*maxErrorGroups-1)) || len(list[0].Message) > maxErrorText+10 {
		t.Errorf("%d, %+v", len(list), list[0])
	}
}

func TestSessionsOfOperators(t *testing.T) {
	pg := play(t, Config{Components: testComponents(new(atomic.Int64))}, map[string]string{
		"set.asp":  `<% Session("name") = "Ada"; Session("cart") = [1, 2]; Session("box") = Server.CreateObject("Test.Box"); Session.Timeout = 3; Session.SessionID %><%= Request.ServerVariables("NAJA_SESSION") %>`,
		"stop.asp": meet + `<% Session("x") = 1; meet.Stop("stop") %>`,
		"see.asp":  `<%= String(Session("name")) %>`,
		"global.asa": `<script language=JavaScript runat=server>
			function Session_OnEnd(reason) { Application("why") = reason }</script>`,
		"why.asp": `<%@ EnableSessionState=False %><%= Application("why") %>`,
	})
	g := pg.guest()
	id := g.get("/set.asp")
	for range 4 {
		pg.guest().get("/set.asp")
	}
	var all []SessionInfo
	for after, parts := "", 0; parts == 0 || after != ""; parts++ {
		page, err := pg.Sessions(t.Context(), after, 2)
		if err != nil || len(page.Sessions) > 2 || parts > 5 {
			t.Fatal(page, err)
		}
		all, after = append(all, page.Sessions...), page.Next
	}
	i := slices.IndexFunc(all, func(s SessionInfo) bool { return s.ID == id })
	if len(all) != 5 || i < 0 || all[i].Bytes == 0 || all[i].Ending != "" || all[i].InUse || all[i].Expires.Before(time.Now()) {
		t.Fatalf("%+v", all)
	}
	d, err := pg.Session(t.Context(), id, false)
	want := []SessionValue{{"name", "string", d.Values[0].Bytes, ""}, {"cart", "array", d.Values[1].Bytes, ""}}
	if err != nil || !reflect.DeepEqual(d.Values, want) || !slices.Equal(d.Objects, []string{"box"}) || d.Timeout.Duration() != 3*time.Minute || d.Values[0].Bytes < 3 {
		t.Errorf("%+v, %v", d, err)
	}
	if d, err := pg.Session(t.Context(), id, true); err != nil || d.Values[0].Value != `"Ada"` || d.Values[1].Value != "[1,2]" {
		t.Errorf("%+v, %v", d, err)
	}
	if _, err := pg.Session(t.Context(), "12", true); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
	answer := g.answer("/stop.asp")
	pg.came("stop")
	if turns := pg.Status().Turns; len(turns) != 1 || turns[0].Session != id || turns[0].Turn == id || turns[0].Turn != pg.Status().Running[0].Turn {
		t.Errorf("a session has one name for people: %+v", turns)
	}
	if d, err := pg.Session(t.Context(), id, false); err != nil || !d.InUse {
		t.Errorf("%+v, %v", d, err)
	}
	if err := pg.EndSession(t.Context(), id); err != nil {
		t.Error(err)
	}
	pg.open("stop")
	pg.in(answer)
	g.wants("/see.asp", "undefined")
	pg.until("Session_OnEnd ran", func() bool { return pg.guest().get("/why.asp") == "evicted" })
	if err := pg.EndSession(t.Context(), id); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
}

func TestRecoverFreesALock(t *testing.T) {
	t.Parallel()
	pg := play(t, Config{ApplicationLockTimeout: time.Minute}, map[string]string{
		"stuck.asp": `<% Application.Lock(); Application("x") = "lost"; for (;;) {} %>`,
		"wait.asp":  `<% Application.Lock() %>mine <%= String(Application("x")) %>`,
		"bad.asp":   `<% nothing() %>`,
	})
	pg.guest().refused("/bad.asp")
	stuck := pg.guest().answer("/stuck.asp")
	pg.until("it has the lock", func() bool { return pg.Status().Application.Holder != nil })
	waits := pg.guest().answer("/wait.asp")
	pg.until("one waits for a second", func() bool {
		w := pg.Status().Application.Waiters
		return len(w) == 1 && w[0].Age.Duration() > lockStuck
	})
	got, err := pg.Recover(t.Context())
	if err != nil || len(got.Interrupted) != 1 || got.Interrupted[0].Request.URL != "/stuck.asp" || !strings.Contains(strings.Join(got.Done, "\n"), "Application.Lock") {
		t.Errorf("%+v, %v", got, err)
	}
	if a := pg.in(stuck); a.status != 503 {
		t.Error(a)
	}
	if a := pg.in(waits); a.body != "mine undefined" {
		t.Error(a)
	}
	if s := pg.Status(); s.Failed != 0 || len(pg.Errors()) != 0 {
		t.Errorf("%d failed; %+v", s.Failed, pg.Errors())
	}
}

// Who holds what nobody waits for is left in peace.
func TestRecoverLeavesTheOthersAlone(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"hold.asp": meet + `<% Session("x") = 1; Application.Lock(); meet.Stop("stop") %>done`,
		"turn.asp": `<% Session("x") = 2 %>done`,
	})
	g := pg.guest()
	g.get("/turn.asp")
	first := g.answer("/hold.asp")
	pg.came("stop")
	second := g.answer("/turn.asp")
	pg.waiting(1)
	if got, err := pg.Recover(t.Context()); err != nil || len(got.Interrupted)+len(got.Broken) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	pg.open("stop")
	if a, b := pg.in(first), pg.in(second); a.body != "done" || b.body != "done" {
		t.Error(a, b)
	}
}
