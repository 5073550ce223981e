package dialect

import (
	"strings"
	"testing"
)

// pageSource is a script of about the given number of bytes, made of the
// corpus.
func pageSource(b *testing.B, size int) string {
	var one strings.Builder
	for _, file := range chunkFiles(b, "corpus") {
		_, list := readChunks(b, file)
		for _, c := range list {
			one.WriteString(c.source + "\n")
		}
	}
	return strings.Repeat(one.String(), size/one.Len()+1)
}

func reportPerKB(b *testing.B, size int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(float64(size)/1024), "ns/KB")
}

func BenchmarkRewrite(b *testing.B) {
	src := pageSource(b, 60_000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Rewrite(src, testNames); err != nil {
			b.Fatal(err)
		}
	}
	reportPerKB(b, len(src))
}

// BenchmarkWalk leaves out the building of the result.
func BenchmarkWalk(b *testing.B) {
	src := pageSource(b, 60_000)
	b.ReportAllocs()
	for b.Loop() {
		HasTopLevelAwait(src)
	}
	reportPerKB(b, len(src))
}

func BenchmarkOriginalOffset(b *testing.B) {
	src := pageSource(b, 60_000)
	r, err := Rewrite(src, testNames)
	if err != nil {
		b.Fatal(err)
	}
	i := 0
	for b.Loop() {
		r.OriginalOffset(i)
		i = (i + 7919) % len(r.Text)
	}
}
