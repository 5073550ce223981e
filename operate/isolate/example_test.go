package isolate_test

import (
	"context"
	"errors"
	"log"
	"net/http"
	"os"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/isolate"
	"github.com/najahost/naja/store/memory"
)

// A program that isolates its pages is its own worker: it is run again with
// the argument "worker", and looks for that before anything else.
func Example() {
	if len(os.Args) == 2 && os.Args[1] == "worker" {
		if err := isolate.Worker(context.Background(), isolate.WorkerConfig{}); err != nil {
			log.Fatal(err)
		}
		return
	}
	pages, err := isolate.New(context.Background(), isolate.Config{
		Engine:      engine.Config{Root: "site", StateEnds: true},
		Backend:     memory.New(), // sessions outlive their worker
		MemoryLimit: 512 << 20,
	})
	if err != nil {
		log.Fatal(err)
	}
	err = http.ListenAndServe("127.0.0.1:8080", pages)
	log.Fatal(errors.Join(err, pages.Shutdown(context.Background())))
}
