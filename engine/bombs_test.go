package engine

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// fate is what becomes of a bomb.
type fate int

const (
	caught   fate = iota // a bound throws: 500 at once
	stopped              // the script timeout stops it: 500 in time
	orphaned             // it doesn't stop: 500 in time, and the process keeps an orphan
	deadly               // it ends the process, or its memory: only a process of its own can hold it
)

// bombs are scripts that kill, hang or fill a host of the script engine. Each
// runs as a page in a process of its own; few of them always, all with
// NAJA_SOAK=1. docs/hardening.md has the table.
var bombs = []struct {
	name   string
	fate   fate
	always bool
	script string
}{
	{"flat of a circle", caught, true, `a=[];a[0]=a;a.flat(1/0)`},
	{"repeat", caught, true, `"x".repeat(2**33)`},
	{"JSON.parse", caught, true, `JSON.parse("[".repeat(2375000))`},
	{"eval nested", caught, true, `eval("(".repeat(268750))`},
	{"endless loop", stopped, true, `while(true);`},
	{"yield*", caught, true, `function* g(){yield* g()} g().next()`},
	{"iterator of native next", orphaned, true, `new Set({[Symbol.iterator]:()=>({next:Object})})`},

	{"proxy circle", caught, false, `var t={},p=new Proxy(t,{});Object.setPrototypeOf(t,p);t.x`},
	{"JSON.parse objects", caught, false, `JSON.parse('{"a":'.repeat(1875000))`},
	{"eval templates", caught, false, "eval('`${'.repeat(240625))"},
	{"eval functions", caught, false, `eval("function f(){".repeat(859375))`},
	{"eval assignments", caught, false, `eval("a=".repeat(1e6)+"1")`},
	{"eval calls", caught, false, `eval("(function f(){return f})"+"()".repeat(1e6))`},
	{"eval arrows", caught, false, `eval("(a=".repeat(24)+"0"+")=>0".repeat(24))`},
	{"eval constants", caught, false, `eval("1&&".repeat(40)+"1")`},
	{"padStart", caught, false, `"x".padStart(2**33)`},
	{"ArrayBuffer", caught, false, `new ArrayBuffer(1e10)`},
	{"Uint8Array.from", caught, false, `Uint8Array.from({length:1e10})`},
	{"shift", caught, false, `1n<<(2n**40n)`},
	{"power", caught, false, `2n**(2n**40n)`},
	{"BigInt", caught, false, `BigInt("9".repeat(2e7))`},
	{"apply", caught, false, `Math.max.apply(null,{length:2**31})`},
	{"construct", caught, false, `Reflect.construct(Array,{length:2**32-1})`},
	{"sort", caught, false, `Array.prototype.sort.call({length:2**32-1})`},
	{"sparse sort", caught, false, `var a=[];a[4294967294]=1;a.sort()`},
	{"join", caught, false, `new Array(1e9).join("abc")`},
	{"replace", caught, false, `("a".repeat(1e5)).replace(/a/g,"b".repeat(1e5))`},
	{"stringify", caught, false, `var o=1;for(var i=0;i<40;i++)o={a:o,b:o};JSON.stringify(o)`},
	{"Go panic", caught, false, `Object.prototype.toLocaleString.call(Object.create(null))`},
	{"recursion", caught, false, `function f(){[1].forEach(f)}f()`},
	{"microtasks", stopped, false, `(function f(){Promise.resolve().then(f)})()`},
	{"finally", stopped, false, `for(;;)try{continue}finally{continue}`},
	{"toString of a graph", stopped, false, `var o=[1].join();for(var i=0;i<40;i++)o=[o,o];String(o)`},
	{"regular expression", stopped, true, `/^(a+)+\1?$/.test("a".repeat(40)+"!")`},
	{"sparse forEach", orphaned, false, `var a=[];a[4294967294]=1;a.forEach(Boolean)`},

	{"names of bind", deadly, false, `var f=function(){};for(;;)f=f.bind()`},
	{"buffers", deadly, false, `var a=[];for(;;)a.push(new ArrayBuffer(1e7))`},
	{"doubling", deadly, false, `for(var s="x";;)s+=s`},
	{"chosen name", caught, false, `"x"["rep"+"eat"](2**36)`},
	{"chosen flat", caught, false, `a=[];a[0]=a;a["fl"+"at"](1/0)`},
	{"RegExp groups", caught, true, `new RegExp("(".repeat(1048577))`},
}

const bombVariable = "NAJA_BOMB"

// TestBombs runs each bomb in a process of its own.
func TestBombs(t *testing.T) {
	t.Parallel()
	all := asptest.Soaking()
	for i, b := range bombs {
		if !all && !b.always {
			continue
		}
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			command := fmt.Sprintf("ulimit -v 6291456; exec %q -test.run '^TestBombChild$'", os.Args[0])
			if raceDetector {
				command = fmt.Sprintf("exec %q -test.run '^TestBombChild$'", os.Args[0])
				if b.fate == deadly {
					t.Skip("no limit of memory under the race detector")
				}
			}
			cmd := exec.CommandContext(t.Context(), "sh", "-c", command)
			cmd.Env = append(os.Environ(), fmt.Sprint(bombVariable, "=", i))
			began := time.Now()
			out, err := cmd.CombinedOutput()
			t.Logf("%v in all: %s", time.Since(began).Round(time.Millisecond), firstLine(string(out)))
			if b.fate == deadly {
				t.Logf("known: only a process of its own holds it (%v)", err)
			} else if err != nil {
				t.Errorf("%v\n%.2000s", err, out)
			}
		})
	}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// TestBombChild is the process of one bomb: the bomb's client has its 500 in
// time, while another that asks for a small page gets each answer right.
func TestBombChild(t *testing.T) {
	var i int
	if n, _ := fmt.Sscan(os.Getenv(bombVariable), &i); n == 0 {
		t.Skip("it is run by TestBombs")
	}
	time.AfterFunc(2*time.Minute, func() { os.Exit(3) })
	b := bombs[i]
	s := serveSite(t, map[string]string{
		"bomb.asp": "<% " + b.script + " %>", "small.asp": `<%= 6 * 7 %>`,
	}, func(c *Config) { c.ScriptTimeout = 2 * time.Second })
	var worst, wrong atomic.Int64
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for tick := time.NewTicker(50 * time.Millisecond); ; {
			began := time.Now()
			if status, text := fetch(s.addr, "/small.asp"); status != 200 || text != "42" {
				wrong.Add(1)
			}
			worst.Store(max(worst.Load(), int64(time.Since(began))))
			select {
			case <-tick.C:
			case <-stop:
				return
			}
		}
	}()
	began := time.Now()
	status, _ := fetch(s.addr, "/bomb.asp")
	took := time.Since(began)
	<-time.After(300 * time.Millisecond) // the other client goes on beside an orphan
	close(stop)
	<-ended
	st := s.Status()
	fmt.Printf("%s: %d after %v; the other client waited %v at most, %d wrong; %d orphans\n", b.name, status,
		took.Round(time.Millisecond), time.Duration(worst.Load()).Round(time.Millisecond), wrong.Load(), st.Orphans)
	const limit = 30 * time.Second // what isn't bounded takes for ever
	if status != 500 || took > limit || wrong.Load() > 0 || worst.Load() > int64(10*time.Second) || b.fate != orphaned && st.Orphans > 0 {
		os.Exit(4)
	}
	os.Exit(0) // without the end of a test: an orphan may be left
}

func fetch(addr, path string) (status int, text string) {
	r, err := http.Get("http://" + addr + path)
	if err != nil {
		return 0, err.Error()
	}
	defer r.Body.Close()
	body, _ := io.ReadAll(r.Body)
	return r.StatusCode, string(body)
}
