package naja_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/najahost/naja/engine"
)

func Example() {
	site := fstest.MapFS{"hello.asp": {Data: []byte(`Hello, <%: Request.QueryString("name") %>!`)}}

	pages, err := engine.New(engine.Config{FS: site, Path: "/pages"})
	if err != nil {
		log.Fatal(err)
	}
	defer pages.Shutdown(context.Background())

	mux := http.NewServeMux()
	mux.Handle("/pages/", pages)
	server := httptest.NewServer(mux) // or http.ListenAndServe("localhost:8080", mux)
	defer server.Close()

	resp, err := http.Get(server.URL + "/pages/hello.asp?name=<Ada>")
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	io.Copy(os.Stdout, resp.Body)
	fmt.Println()
	// Output: Hello, &lt;Ada&gt;!
}

// TestReadmeExample fails when the README shows another program than the one
// that is tested above.
func TestReadmeExample(t *testing.T) {
	source, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(source), "func Example() {\n")
	example, _, _ = strings.Cut(example, "\n}\n")
	if example == "" || !strings.Contains(string(readme), example) {
		t.Error("README.md doesn't have the body of Example as it stands in example_test.go")
	}
}
