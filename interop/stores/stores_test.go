package stores

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/alexedwards/scs/goredisstore"
	"github.com/alexedwards/scs/mysqlstore"
	"github.com/alexedwards/scs/pgxstore"
	"github.com/alexedwards/scs/postgresstore"
	"github.com/alexedwards/scs/redisstore"
	"github.com/alexedwards/scs/sqlite3store"
	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"
	"github.com/boj/redistore"
	"github.com/go-sql-driver/mysql"
	redigo "github.com/gomodule/redigo/redis"
	"github.com/gorilla/sessions"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/redis/go-redis/v9"
	"github.com/wader/gormstore/v2"
	gormmysql "gorm.io/driver/mysql"
	gormpostgres "gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	_ "modernc.org/sqlite"
)

// A kept is a store with what tests do to its server.
type kept struct {
	scs     scs.Store
	gorilla sessions.Store
	// limit is a size that the store won't take; 0: it takes any.
	limit int
	// readOnly has the server take nothing, or everything again; nil: that
	// can't be had.
	readOnly func(t *testing.T, on bool)
	wire     *wire // to the server; nil without one
}

// all are the rows of the matrix.
var all = []struct {
	name string
	open func(t *testing.T) kept
}{
	{"scs memstore", func(t *testing.T) kept { return kept{scs: memstore.NewWithCleanupInterval(0)} }},
	{"scs sqlite3store", openSQLite},
	{"scs redisstore", openRedisstore},
	{"scs goredisstore", openGoredisstore},
	{"scs pgxstore", openPgxstore},
	{"scs postgresstore", openPostgresstore},
	{"scs mysqlstore", func(t *testing.T) kept { return openMysqlstore(t, "TRADITIONAL") }},
	{"scs mysqlstore not strict", func(t *testing.T) kept { return openMysqlstore(t, "") }},
	{"gorilla files", func(t *testing.T) kept {
		st := sessions.NewFilesystemStore(t.TempDir(), key)
		return kept{gorilla: st, limit: 6000}
	}},
	{"gorilla redistore", openRedistore},
	{"gorilla gormstore PostgreSQL", openGormPostgres},
	{"gorilla gormstore MariaDB", openGormMaria},
}

var key = []byte("a key of 32 bytes, from a secret")

// scsTable is the table that scs's stores want, with the names of types.
const scsTable = "CREATE TABLE sessions (token %s PRIMARY KEY, data %s NOT NULL, expiry %s NOT NULL)"

func openSQLite(t *testing.T) kept {
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "sessions.db"))
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	db.SetMaxOpenConns(1) // for the pragma
	run(t, db, fmt.Sprintf(scsTable, "TEXT", "BLOB", "REAL"))
	return kept{scs: sqlite3store.NewWithCleanupInterval(db, 0), readOnly: func(t *testing.T, on bool) {
		run(t, db, fmt.Sprintf("PRAGMA query_only = %v", on))
	}}
}

func run(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// redisWire is a wire to a database of the server that other tests don't use.
func redisWire(t *testing.T) *wire { return newWire(t, redisServer.use(t)) }

// replica makes the server of a test a replica of nobody that can be reached,
// which answers reads and refuses writes.
func replica(t *testing.T, on bool) {
	t.Helper()
	conn, err := redigo.Dial("tcp", redisServer.addr)
	must(t, err)
	defer conn.Close()
	host, port := "NO", "ONE"
	if on {
		host, port = "127.0.0.1", "1"
	}
	_, err = conn.Do("REPLICAOF", host, port)
	must(t, err)
}

func openRedisstore(t *testing.T) kept {
	w := redisWire(t)
	pool := &redigo.Pool{MaxIdle: 2, Dial: func() (redigo.Conn, error) { return redigo.Dial("tcp", w.addr) }}
	t.Cleanup(func() { must(t, pool.Close()) })
	return kept{scs: redisstore.NewWithPrefix(pool, t.Name()), wire: w, readOnly: replica}
}

func openGoredisstore(t *testing.T) kept {
	w := redisWire(t)
	client := redis.NewClient(&redis.Options{Addr: w.addr, MaxRetries: -1})
	t.Cleanup(func() { must(t, client.Close()) })
	return kept{scs: goredisstore.NewWithPrefix(client, t.Name()), wire: w, readOnly: replica}
}

func openRedistore(t *testing.T) kept {
	w := redisWire(t)
	st, err := redistore.NewRediStore(2, "tcp", w.addr, "", "", key)
	must(t, err)
	t.Cleanup(func() { must(t, st.Close()) })
	st.SetKeyPrefix(t.Name())
	return kept{gorilla: st, limit: 6000, wire: w, readOnly: replica}
}

// postgresDB makes a database, and a statement that makes it read-only.
func postgresDB(t *testing.T) (url string, w *wire, readOnly func(*testing.T, bool)) {
	w = newWire(t, postgresServer.use(t))
	name := fmt.Sprint("d", time.Now().UnixNano())
	admin, err := sql.Open("pgx", "postgres://postgres@"+postgresServer.addr+"/postgres")
	must(t, err)
	t.Cleanup(func() { must(t, admin.Close()) })
	until(t, "the server answers", func() bool { return admin.Ping() == nil })
	run(t, admin, "CREATE DATABASE "+name)
	readOnly = func(t *testing.T, on bool) {
		run(t, admin, fmt.Sprintf("ALTER DATABASE %s SET default_transaction_read_only = %v", name, on))
		w.set(true) // for connections made from now on
		w.set(false)
	}
	return "postgres://postgres@" + w.addr + "/" + name, w, readOnly
}

func openPgxstore(t *testing.T) kept {
	url, w, readOnly := postgresDB(t)
	pool, err := pgxpool.New(context.Background(), url)
	must(t, err)
	t.Cleanup(pool.Close)
	_, err = pool.Exec(t.Context(), fmt.Sprintf(scsTable, "TEXT", "BYTEA", "TIMESTAMPTZ"))
	must(t, err)
	return kept{scs: pgxstore.NewWithCleanupInterval(pool, 0), wire: w, readOnly: readOnly}
}

func openPostgresstore(t *testing.T) kept {
	url, w, readOnly := postgresDB(t)
	db, err := sql.Open("pgx", url)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	run(t, db, fmt.Sprintf(scsTable, "TEXT", "BYTEA", "TIMESTAMPTZ"))
	return kept{scs: postgresstore.NewWithCleanupInterval(db, 0), wire: w, readOnly: readOnly}
}

// mariaDB makes a database, and an account that read_only binds.
func mariaDB(t *testing.T, mode string) (cfg *mysql.Config, w *wire, readOnly func(*testing.T, bool)) {
	w = newWire(t, mariaServer.use(t))
	root := mysql.NewConfig()
	root.User, root.Net, root.Addr = "root", "tcp", mariaServer.addr
	admin, err := sql.Open("mysql", root.FormatDSN())
	must(t, err)
	t.Cleanup(func() { must(t, admin.Close()) })
	until(t, "the server answers", func() bool { return admin.Ping() == nil })
	name := fmt.Sprint("d", time.Now().UnixNano())
	run(t, admin, "CREATE DATABASE "+name, "CREATE USER "+name, "GRANT ALL ON "+name+".* TO "+name)
	readOnly = func(t *testing.T, on bool) { run(t, admin, fmt.Sprintf("SET GLOBAL read_only = %v", on)) }
	cfg = mysql.NewConfig()
	cfg.User, cfg.Net, cfg.Addr, cfg.DBName, cfg.ParseTime = name, "tcp", w.addr, name, true
	cfg.Params = map[string]string{"sql_mode": "'" + mode + "'"}
	cfg.Logger = &mysql.NopLogger{}
	return cfg, w, readOnly
}

func openMysqlstore(t *testing.T, mode string) kept {
	cfg, w, readOnly := mariaDB(t, mode)
	db, err := sql.Open("mysql", cfg.FormatDSN())
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	run(t, db, fmt.Sprintf(scsTable, "CHAR(43)", "BLOB", "TIMESTAMP(6)"))
	return kept{scs: mysqlstore.NewWithCleanupInterval(db, 0), limit: 66000, wire: w, readOnly: readOnly}
}

func openGorm(t *testing.T, driver gorm.Dialector) sessions.Store {
	db, err := gorm.Open(driver, &gorm.Config{Logger: logger.Discard})
	must(t, err)
	t.Cleanup(func() {
		inner, err := db.DB()
		must(t, err)
		must(t, inner.Close())
	})
	return gormstore.New(db, key)
}

func openGormPostgres(t *testing.T) kept {
	url, w, readOnly := postgresDB(t)
	return kept{gorilla: openGorm(t, gormpostgres.Open(url)), limit: 6000, wire: w, readOnly: readOnly}
}

func openGormMaria(t *testing.T) kept {
	cfg, w, readOnly := mariaDB(t, "TRADITIONAL")
	return kept{gorilla: openGorm(t, gormmysql.Open(cfg.FormatDSN())), limit: 6000, wire: w, readOnly: readOnly}
}
