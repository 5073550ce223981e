package runtime

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	_ "time/tzdata"
)

// exactPage shows a value as testdata/exact/make.mjs does.
const exactPage = `<%@ CodePage=65001 %><% try { (function (v) { Response.Write(typeof v + " " + (Object.is(v, -0) ? "-0" : String(v))) })(EXPRESSION) } catch (e) { Response.Write("throws " + e.name) } %>`

// judgeExact compares what pages make of a table's expressions with what Node
// does, in the zone of this process.
func judgeExact(t *testing.T, table, zone string) {
	data, err := os.ReadFile("testdata/exact/" + table + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(data)) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(cells) == 3 && cells[0] != zone {
			continue
		}
		seen++
		expression, want := cells[len(cells)-2], cells[len(cells)-1]
		page := strings.Replace(exactPage, "EXPRESSION", expression, 1)
		got, _, err := runFiles(t, map[string][]byte{"page.asp": []byte(page)}, 0, "/page.asp")
		if err != nil || string(got) != want {
			t.Errorf("%s gives %s, %v; Node %s", expression, got, err, want)
		}
	}
	if seen < 50 {
		t.Errorf("only %d lines", seen)
	}
}

// TestExact: numbers and dates are what Node has, where the engine alone
// differs.
func TestExact(t *testing.T) {
	t.Parallel()
	t.Run("numbers", func(t *testing.T) { judgeExact(t, "numbers", "") })
	for table, zones := range map[string][]string{"dates": {"UTC"}, "zones": {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo", "Asia/Kathmandu"}} {
		for _, zone := range zones {
			t.Run(table+" "+zone, func(t *testing.T) {
				t.Parallel()
				cmd := exec.Command(os.Args[0], "-test.run=^TestExactInZone$")
				cmd.Env = append(os.Environ(), "TZ="+zone, "NAJA_EXACT="+table)
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%v\n%s", err, out)
				}
			})
		}
	}
}

// TestExactInZone is what TestExact runs in a process of its own: a zone is
// the whole process's.
func TestExactInZone(t *testing.T) {
	table := os.Getenv("NAJA_EXACT")
	if table == "" {
		t.Skip("TestExact runs it")
	}
	judgeExact(t, table, os.Getenv("TZ"))
}
