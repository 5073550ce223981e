package engine

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
	"github.com/najahost/naja/store/sqlite"
)

// generational is a site whose Application says what ran, in its order: +A is
// the start of the text A, -A its end.
func generational(text string) map[string]string {
	return map[string]string{
		"global.asa": script(`
			function note(what) { Application("ran") = (Application("ran") || "") + what + " " }
			function Application_OnStart() { note("+` + text + `") }
			function Application_OnEnd() { note("-` + text + `") }`),
		"ran.asp":  `<%@ EnableSessionState=False %><% Application.Lock() // what others wrote is seen at once then %><%= Application("ran") %>`,
		"keep.asp": `<% Session("kept") = (Session("kept") || 0) + 1 %><%= Session("kept") %>`,
	}
}

// ran checks what has run, after a start of this one.
func (pg *playground) ran(want string) {
	pg.Helper()
	pg.guest().wants("/ran.asp", want)
}

// generationStores are all kinds of state that several engines share: each
// makes nodes of one application, by their texts.
func generationStores(t *testing.T) map[string]func(t *testing.T, text string) *playground {
	db, file := memory.New(), filepath.Join(t.TempDir(), "state.db")
	unknown := struct{ store.Backend }{memory.New()} // doesn't tell who serves what
	return map[string]func(t *testing.T, text string) *playground{
		"memory": func(t *testing.T, text string) *playground {
			return play(t, Config{Backend: db, CheckInterval: None}, generational(text))
		},
		"another store": func(t *testing.T, text string) *playground {
			return play(t, Config{Backend: unknown, CheckInterval: None}, generational(text))
		},
		"sqlite": func(t *testing.T, text string) *playground {
			return durable(t, file, Config{CheckInterval: None}, generational(text))
		},
	}
}

// Two texts are in service: the end of the first comes before the start of the
// second, by the process that has it, and nothing runs again when either comes
// back.
func TestTwoTextsInService(t *testing.T) {
	t.Parallel()
	for name, node := range generationStores(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := node(t, "A")
			a.ran("+A")
			second := node(t, "A")
			second.ran("+A")
			b := node(t, "B")
			b.ran("+A -A +B")
			a.ran("+A -A +B") // served on
			second.shutDown()
			a.shutDown()
			again := node(t, "A")
			again.ran("+A -A +B")
			if !strings.Contains(again.log.String(), "older global.asa") {
				t.Errorf("the log says %q", again.log.String())
			}
			if g := again.Status().Generation; g == nil || !g.Older || g.Text == g.Last || len(g.Texts) != 2 || len(g.Owed) != 1 || g.Owed[0] != g.Last {
				t.Errorf("the status says %+v", g)
			}
			other := node(t, "B")
			other.ran("+A -A +B")
			if name == "another store" {
				return // each may be the last one
			}
			b.shutDown() // others serve the application
			again.shutDown()
			other.ran("+A -A +B")
			other.shutDown()
			node(t, "B").ran("+A -A +B -B")
			node(t, "C").ran("+A -A +B -B -B +C") // it was served again, and ended again
		})
	}
}

// A node's own file changes, while others have the old text.
func TestATextChangesInPlace(t *testing.T) {
	t.Parallel()
	for name, node := range generationStores(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := node(t, "A"), node(t, "A")
			a.ran("+A")
			b.ran("+A")
			g := a.guest()
			g.wants("/keep.asp", "1")
			a.write("global.asa", generational("B")["global.asa"])
			a.ran("+A -A +B")
			g.wants("/keep.asp", "2")
			b.ran("+A -A +B")
			b.write("global.asa", generational("C")["global.asa"])
			b.ran("+A -A +B -B +C") // a gave way
			b.write("global.asa", generational("A")["global.asa"])
			b.ran("+A -A +B -B +C -C") // an older one: it runs nothing
		})
	}
}

// Going back on purpose is a start.
func TestAGenerationBeginsAgain(t *testing.T) {
	t.Parallel()
	for name, node := range generationStores(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := node(t, "A")
			a.ran("+A")
			if err := a.BeginGeneration(t.Context()); err == nil || !strings.Contains(err.Error(), "in force") {
				t.Errorf("the text in force: %v", err)
			}
			b := node(t, "B")
			b.ran("+A -A +B")
			if err := a.BeginGeneration(t.Context()); err != nil {
				t.Fatal(err)
			}
			a.ran("+A -A +B -B +A")
			b.ran("+A -A +B -B +A")
			node(t, "B").ran("+A -A +B -B +A")
			if g := a.Status().Generation; g == nil || g.Older || len(g.Texts) != 2 {
				t.Errorf("%+v", g)
			}
		})
	}
	pg := play(t, Config{}, generational("A"))
	if err := pg.BeginGeneration(t.Context()); err == nil || pg.Status().Generation != nil {
		t.Errorf("in memory: %v", err)
	}
}

// The text whose process died is owed its end; whoever has it next runs it,
// and doesn't start it.
func TestAnEndThatIsOwed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.db")
	dead := durable(t, file, Config{}, generational("A"))
	dead.ran("+A")
	dead.life.part() // as its death would
	dead.close = nil
	owed := openState(t, sqlite.Config{Path: file})
	b := durable(t, file, Config{}, generational("B"))
	// the dead one doesn't hear of it
	dead.life.unwatch()
	<-dead.life.watched
	b.ran("+A +B")
	state, err := shared.New(t.Context(), shared.Config{Store: owed.Application(), Shared: true})
	if err != nil {
		t.Fatal(err)
	}
	defer state.Close()
	if g, err := generationsOf(state); err != nil || len(g.Owed) != 2 {
		t.Errorf("%+v, %v", g, err)
	}
	a := durable(t, file, Config{}, generational("A"))
	a.ran("+A +B -A")
}

// An Application_OnEnd that fails has had its turn, and what it wrote is
// dropped.
func TestAnEndThatFailsIsNotOwed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.db")
	files := generational("A")
	files["global.asa"] = strings.Replace(files["global.asa"], `note("-A")`, `note("-A"); throw new Error("no")`, 1)
	a := durable(t, file, Config{}, files)
	a.ran("+A")
	b := durable(t, file, Config{}, generational("B"))
	b.ran("+A +B")
	if g := b.Status().Generation; len(g.Owed) != 1 || g.Owed[0] != g.Last {
		t.Errorf("%+v", g)
	}
	if n := strings.Count(a.log.String(), "no"); n == 0 {
		t.Error("nobody says why")
	}
}

// What an earlier naja kept, the mark of one text, is read.
func TestTheMarkOfAnEarlierVersion(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.db")
	first := durable(t, file, Config{}, generational("A"))
	first.ran("+A")
	mark := first.life.app().mark
	view := first.life.app().state.Begin(shared.Owner{})
	raw, err := cborvalue.FromGo(mark)
	if err == nil {
		err = view.SetReserved(t.Context(), "generation", raw)
	}
	if err := view.End(err == nil); err != nil {
		t.Fatal(err)
	}
	second := durable(t, file, Config{}, generational("A"))
	second.ran("+A")
	durable(t, file, Config{}, generational("B")).ran("+A -A +B")
	durable(t, file, Config{}, generational("A")).ran("+A -A +B")
}

// What a later one keeps is left alone, and the application isn't started.
func TestTheMarksOfALaterVersion(t *testing.T) {
	t.Parallel()
	db := memory.New()
	first := play(t, Config{Backend: db}, generational("A"))
	first.ran("+A")
	view := first.life.app().state.Begin(shared.Owner{})
	raw, err := cborvalue.FromGo([]any{"2", "another format"})
	if err == nil {
		err = view.SetReserved(t.Context(), "generation", raw)
	}
	if err := view.End(err == nil); err != nil {
		t.Fatal(err)
	}
	second := play(t, Config{Backend: db}, generational("B"))
	if a := second.guest().fetch(t.Context(), "/ran.asp"); a.status != http.StatusInternalServerError {
		t.Errorf("%v", a)
	}
}
