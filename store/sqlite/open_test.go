package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/najahost/naja/store"
)

// raw runs statements on a file as any program would.
func raw(t *testing.T, path string, statements ...string) {
	t.Helper()
	db := open(t, Config{Path: filepath.Join(t.TempDir(), "other.db")}) // for its pool's driver
	c, err := newConn(db.pool)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	for _, s := range append([]string{"ATTACH '" + path + "' AS f"}, statements...) {
		if err := c.script(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	raw(t, at("foreign.db"), "CREATE TABLE f.theirs (x)", "PRAGMA f.journal_mode=DELETE")
	raw(t, at("newer.db"), "CREATE TABLE f.ours (x)", fmt.Sprint("PRAGMA f.application_id=", applicationID), "PRAGMA f.user_version=99")
	text := strings.Repeat("this is a text, and no database. ", 100)
	if err := os.WriteFile(at("text.db"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	good := open(t, Config{Path: at("damaged.db")})
	mustCreate(t, good, "x", strings.Repeat("x", 50_000))
	if err := good.Close(); err != nil {
		t.Fatal(err)
	}
	damage(t, at("damaged.db"))
	before := readFile(t, at("foreign.db"))
	for name, want := range map[string]string{
		"none/x.db":  "its folder " + at("none") + " doesn't exist",
		"":           "it is a folder",
		"text.db":    "the file is no SQLite database",
		"foreign.db": "a database of another program",
		"newer.db":   "written by a newer version of naja: its schema is 99",
		"damaged.db": "damaged",
	} {
		db, err := Open(t.Context(), Config{Path: at(name)})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), at(name)) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
		if err == nil {
			db.Close()
		}
	}
	if _, err := Open(t.Context(), Config{Path: at("newer.db")}); !errors.As(err, new(*VersionError)) {
		t.Errorf("a newer file: %T", err)
	}
	if readFile(t, at("text.db")) != text || readFile(t, at("foreign.db")) != before {
		t.Error("a file of somebody else's was changed")
	}
	mustCreate(t, open(t, Config{Path: at("shop.db"), Application: "/shop"}), "x", "1")
	for want, cfg := range map[string]Config{
		"there is no such file":                       {Path: at("no.db"), Existing: true},
		"it has no application /blog; there is /shop": {Path: at("shop.db"), Application: "/blog", Existing: true},
	} {
		if _, err := Open(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if _, err := os.Stat(at("no.db")); err == nil {
		t.Error("a file was made to be looked at")
	}
	open(t, Config{Path: at("shop.db"), Application: "/shop", Existing: true})
	for _, cfg := range []Config{{}, {Path: ":memory:"}} {
		if _, err := Open(t.Context(), cfg); err == nil {
			t.Errorf("%+v is opened", cfg)
		}
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// damage overwrites the middle of a file.
func damage(t *testing.T, name string) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte(strings.Repeat("?", 16*1024)), 4096+100); err != nil {
		t.Fatal(err)
	}
}

func mustCreate(t testing.TB, db *DB, id, data string) (token int64) {
	t.Helper()
	token, err := db.Sessions().Create(t.Context(), id, store.NewSession{Data: []byte(data), Timeout: time.Hour, Lease: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// The folder may have any name, and the file is its owner's alone.
func TestOpenMakesTheFile(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a b?c#d%20e&f=g ü")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "state.db")
	db := open(t, Config{Path: path})
	mustCreate(t, db, "x", "1")
	for _, name := range []string{path, path + "-wal"} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	if db.Path() != path {
		t.Errorf("the path is %s", db.Path())
	}
}

// Many open a new file at once.
func TestOpenAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			db, err := Open(t.Context(), Config{Path: path})
			if err != nil {
				t.Error(err)
				return
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestMigrate(t *testing.T) {
	db := fresh(t)
	mustCreate(t, db, "x", "kept")
	c, err := newConn(db.pool)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	steps := append(migrations(), "CREATE TABLE more (a); INSERT INTO more SELECT id FROM sessions;", "not a statement")
	if err := migrate(c, "f", steps); err == nil {
		t.Error("a step that fails is taken")
	}
	version := func() (v int) {
		if err := c.ask("PRAGMA user_version", &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	last := len(migrations())
	if version() != last {
		t.Errorf("after a step that failed the version is %d", version())
	}
	for range 2 { // once more changes nothing
		if err := migrate(c, "f", steps[:last+1]); err != nil {
			t.Fatal(err)
		}
	}
	var got string
	if err := c.ask("SELECT a FROM more", &got); err != nil || got != "x" || version() != last+1 {
		t.Errorf("migrated to %d: %q, %v", version(), got, err)
	}
	if _, err := Open(t.Context(), db.cfg); !errors.As(err, new(*VersionError)) {
		t.Errorf("this version opens a newer file: %v", err)
	}
}

// A file of the first version is brought forward with what is in it.
func TestMigrateTheFirst(t *testing.T) {
	path := filepath.Join(t.TempDir(), "first.db")
	raw(t, path, "PRAGMA f.journal_mode=WAL", strings.NewReplacer(
		"CREATE TABLE ", "CREATE TABLE f.", "INSERT INTO ", "INSERT INTO f.", "CREATE INDEX ", "CREATE INDEX f.",
	).Replace(schema1), fmt.Sprint("PRAGMA f.application_id=", applicationID), "PRAGMA f.user_version=1",
		"INSERT INTO f.applications (app, path, live) VALUES (1, '/', 1)",
		"INSERT INTO f.sessions (n, app, id, serial, created, expires, kept, due, token, until) VALUES (1, 1, 'old', 7, 1, 99999999999999, 1, 1, 0, 0)",
		"INSERT INTO f.contents VALUES (1, X'6b657074')")
	st := open(t, Config{Path: path}).Sessions()
	got, err := st.Acquire(t.Context(), "old", time.Minute)
	if err != nil || string(got.Data) != "kept" || got.ID != "old" {
		t.Fatalf("%+v, %v", got, err)
	}
	if err := st.Commit(t.Context(), "old", got.Token, store.Commit{Timeout: time.Hour, NewID: "new", Grace: time.Minute}); err != nil {
		t.Fatal(err)
	}
	if got, err := st.Load(t.Context(), "old"); err != nil || got.ID != "new" {
		t.Errorf("by the former id: %+v, %v", got, err)
	}
}

// Applications in one file don't see each other.
func TestApplicationsAreApart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	shop, blog := open(t, Config{Path: path, Application: "/shop"}), open(t, Config{Path: path, Application: "/blog"})
	for _, db := range []*DB{shop, blog} {
		mustCreate(t, db, "same", db.cfg.Application)
		if _, err := db.Application().Swap(t.Context(), store.Swap{Item: store.Item{ID: "a", Key: "A", Raw: []byte(db.cfg.Application)}}); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Application().Lock(t.Context(), "me", time.Minute); err != nil {
			t.Errorf("the lock: %v", err)
		}
	}
	for _, db := range []*DB{shop, blog} {
		got, err := db.Sessions().Load(t.Context(), "same")
		if err != nil || string(got.Data) != db.cfg.Application {
			t.Errorf("%s has %q, %v", db.cfg.Application, got.Data, err)
		}
		c, err := db.Application().Read(t.Context(), -1)
		if err != nil || len(c.Items) != 1 || string(c.Items[0].Raw) != db.cfg.Application {
			t.Errorf("%s has %+v, %v", db.cfg.Application, c, err)
		}
		if n, err := db.Sessions().Count(t.Context()); err != nil || n.Live != 1 {
			t.Errorf("%s counts %+v, %v", db.cfg.Application, n, err)
		}
	}
}
