package stores

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/alexedwards/scs/mysqlstore"
)

// What docs/embedding.md says of mysqlstore: with the connection's time_zone at
// +00:00 there is no hour in spring in which nothing can be stored.
func TestHourThatIsNot(t *testing.T) {
	for zone, want := range map[string]bool{"SYSTEM": false, "+00:00": true} {
		cfg, _, _ := mariaDB(t, "TRADITIONAL")
		cfg.Params["time_zone"] = "'" + zone + "'"
		db, err := sql.Open("mysql", cfg.FormatDSN())
		must(t, err)
		t.Cleanup(func() { must(t, db.Close()) })
		run(t, db, fmt.Sprintf(scsTable, "CHAR(43)", "BLOB", "TIMESTAMP(6)"))
		err = mysqlstore.NewWithCleanupInterval(db, 0).Commit("token", []byte("a session"), time.Date(2027, 3, 28, 2, 30, 0, 0, time.UTC))
		if (err == nil) != want {
			t.Errorf("time_zone %s: %v", zone, err)
		}
	}
}
