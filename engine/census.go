package engine

import (
	"context"

	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/store"
)

// join says that this process serves app, in the place of what it did.
func (l *lifecycle) join(app *application) {
	l.part()
	if c, ok := l.e.backend.(store.Census); ok && app.failed == nil {
		if leave, err := c.Join(app.mark); err == nil {
			l.parting = leave
		}
	}
}

// part says that nothing is served here any more.
func (l *lifecycle) part() {
	if l.parting != nil {
		l.parting()
		l.parting = nil
	}
}

// isKnown says that it is known who serves what.
func (l *lifecycle) isKnown() bool {
	_, ok := l.e.backend.(store.Census)
	return ok
}

// isServed says whether a text is being served, as far as is known: it may be.
func (l *lifecycle) isServed(text string) bool {
	c, ok := l.e.backend.(store.Census)
	return !ok || c.Serving(text)
}

// A GenerationStatus says for which texts of global.asa an application has been
// started that outlives its processes. Texts are named by the first digits of
// their hash.
type GenerationStatus struct {
	Text  string   `json:"text"`    // that is served here; "" before the first page
	Last  string   `json:"last"`    // that is in force: the last one for which Application_OnStart ran
	Older bool     `json:"older"`   // Text was replaced by Last, and is served on
	Owed  []string `json:"unended"` // whose Application_OnEnd hasn't run
	Texts []string `json:"texts"`   // all, in their order
}

// shortMark is how much of a text's hash people are shown.
const shortMark = 12

func short(mark string) string { return mark[:min(len(mark), shortMark)] }

func shorts(marks []string) []string {
	list := make([]string, len(marks))
	for i, m := range marks {
		list[i] = short(m)
	}
	return list
}

// generation is what the status shows; nil where state is in memory.
func (e *Engine) generation(app *application) *GenerationStatus {
	if e.backend == nil || e.cfg.StateEnds {
		return nil
	}
	g, err := generationsOf(app.state)
	if err != nil || len(g.Texts) == 0 {
		return nil
	}
	_, replaced := g.Has(app.mark)
	return &GenerationStatus{Text: short(app.mark), Last: short(g.Last()), Older: replaced, Owed: shorts(g.Owed), Texts: shorts(g.Texts)}
}

// serveOlder says so if a text is served from now on that another one has
// replaced, and runs its Application_OnEnd if no process with it has.
func (l *lifecycle) serveOlder(ctx context.Context, app *application) {
	g, err := generationsOf(app.state)
	if err != nil {
		return
	}
	if _, replaced := g.Has(app.mark); replaced {
		if g.Wanted(app.mark) {
			l.endGeneration(ctx, app, func(g shared.Generations) bool { return g.Wanted(app.mark) })
		}
		l.e.cfg.Logger.Warn("this process serves an older global.asa: its Application_OnStart isn't run again",
			"text", short(app.mark), "in_force", short(g.Last()))
	}
}

// hasGenerations says that a text of the application has been started before.
func hasGenerations(state *shared.State) bool {
	g, err := generationsOf(state)
	return err != nil || len(g.Texts) > 0
}
