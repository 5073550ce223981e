// Command embed is a Go program with a site in it: pages from an embed.FS,
// mounted beside the program's own handlers, with a Go type that the pages
// can use. Start it with "go run ./examples/embed" and open
// http://localhost:8080/shop/.
package main

import (
	"context"
	"embed"
	"io/fs"
	"log"
	"net/http"

	"github.com/najahost/naja/engine"
)

//go:embed site
var files embed.FS

func main() {
	shop, err := newShop(&Stock{left: map[string]int{"flute": 3, "basket": 0}})
	if err != nil {
		log.Fatal(err)
	}
	http.Handle("/shop/", shop)
	http.Handle("/", http.RedirectHandler("/shop/", http.StatusFound))
	log.Print(http.ListenAndServe("localhost:8080", nil))
	if err := shop.Shutdown(context.Background()); err != nil {
		log.Print(err)
	}
}

// newShop makes the handler. A session that Go handlers share with the pages
// goes into Config.Sessions.
func newShop(stock *Stock) (*engine.Engine, error) {
	site, err := fs.Sub(files, "site")
	if err != nil {
		return nil, err
	}
	return engine.New(engine.Config{
		FS: site, Path: "/shop",
		Components: map[string]engine.Component{
			"Shop.Stock": {
				New:       func(context.Context) (any, error) { return stock, nil },
				Threading: engine.Agile, // any goroutine may call it
			},
		},
	})
}
