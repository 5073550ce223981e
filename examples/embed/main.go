// Command embed is a Go program with a site in it: pages from an embed.FS,
// mounted beside the program's own handlers, with a Go type that the pages
// can use and sessions that pages and handlers share. Start it with
// "go run ./examples/embed" and open http://localhost:8080/shop/.
package main

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log"
	"net/http"

	"github.com/alexedwards/scs/v2"
	"github.com/najahost/naja/engine"
	scsstore "github.com/najahost/naja/interop/scs"
)

//go:embed site
var files embed.FS

func main() {
	handler, shop, err := newProgram(&Stock{left: map[string]int{"flute": 3, "basket": 0}})
	if err != nil {
		log.Fatal(err)
	}
	log.Print(errors.Join(http.ListenAndServe("localhost:8080", handler), shop.Shutdown(context.Background())))
}

// newProgram makes the shop, and the handler of all there is beside it.
func newProgram(stock *Stock) (http.Handler, *engine.Engine, error) {
	sessions := scs.New()
	provider, err := scsstore.New(scsstore.Config{Manager: sessions})
	if err != nil {
		return nil, nil, err
	}
	site, err := fs.Sub(files, "site")
	if err != nil {
		return nil, nil, err
	}
	shop, err := engine.New(engine.Config{
		FS: site, Path: "/shop", Sessions: provider,
		Components: map[string]engine.Component{
			"Shop.Stock": {
				New:       func(context.Context) (any, error) { return stock, nil },
				Threading: engine.Agile, // any goroutine may call it
			},
		},
	})
	mux := http.NewServeMux()
	mux.Handle("/shop/", shop)
	mux.Handle("/account/", provider.Serialize(newAccount(sessions)))
	mux.Handle("/{$}", http.RedirectHandler("/shop/", http.StatusFound))
	return mux, shop, err
}
