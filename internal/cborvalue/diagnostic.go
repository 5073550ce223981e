package cborvalue

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math"
	"math/big"
	"strconv"
	"time"
)

// Diagnostic shows a value to people, as valid JSON. What JSON lacks is an
// object with a key that begins with a dollar sign: {"$date":"2026-…"},
// {"$map":[[k,v],…]}, {"$bytes":"base64","type":"Uint8Array"}. Bytes that are
// no value are shown too: {"$invalid":"reason","hex":"…"}. It is for looking
// at, not for reading back.
func Diagnostic(raw []byte) string {
	p := diagnostic{d: NewDecoder(raw)}
	p.d.MaxDepth = 4 * DefaultMaxDepth
	p.item()
	if p.err == nil && p.d.off != len(raw) {
		p.err = &FormatError{p.d.off, "more than one item"}
	}
	if p.err != nil {
		p.out = append(p.out[:0], `{"$invalid":`...)
		p.text(p.err.Error())
		p.raw(`,"hex":"` + hex.EncodeToString(raw) + `"}`)
	}
	return string(p.out)
}

// A diagnostic prints what its decoder reads.
type diagnostic struct {
	d   *Decoder
	out []byte
	err error
}

func (p *diagnostic) raw(s string) { p.out = append(p.out, s...) }

func (p *diagnostic) text(s string) {
	b, _ := json.Marshal(s) // of a string: never an error
	p.out = append(p.out, b...)
}

func (p *diagnostic) next() (Token, bool) {
	if p.err != nil {
		return Token{}, false
	}
	t, err := p.d.Next()
	p.err = err
	return t, err == nil
}

// item prints one item; it recurses as deep as the decoder allows.
func (p *diagnostic) item() {
	t, ok := p.next()
	if !ok {
		return
	}
	switch t.Kind {
	case KindArray:
		p.items("[", t.N, "]")
	case KindSet:
		p.items(`{"$set":[`, t.N, "]}")
	case KindObject:
		p.object(t.N)
	case KindMap:
		p.raw(`{"$map":[`)
		for i := range t.N {
			p.comma(i)
			p.items("[", 2, "]")
		}
		p.raw("]}")
	case KindNamed:
		p.raw(`{"$class":`)
		p.text(t.Str)
		p.items(`,"state":`, 1, "}")
	default:
		p.leaf(&t)
	}
}

func (p *diagnostic) comma(i int) {
	if i > 0 {
		p.raw(",")
	}
}

func (p *diagnostic) items(before string, n int, after string) {
	p.raw(before)
	for i := 0; i < n && p.err == nil; i++ {
		p.comma(i)
		p.item()
	}
	p.raw(after)
}

func (p *diagnostic) object(n int) {
	p.raw("{")
	for i := range n {
		k, ok := p.next()
		if !ok {
			return
		}
		p.comma(i)
		p.text(k.Str)
		p.raw(":")
		p.item()
	}
	p.raw("}")
}

func (p *diagnostic) leaf(t *Token) {
	switch t.Kind {
	case KindUndefined:
		p.raw(`{"$undefined":true}`)
	case KindNull:
		p.raw("null")
	case KindBool:
		p.out = strconv.AppendBool(p.out, t.Bool)
	case KindNumber:
		p.number(t.Num)
	case KindString:
		p.text(t.Str)
	case KindBigInt:
		p.raw(`{"$bigint":"` + bigText(t.Big) + `"}`)
	case KindDate:
		p.date(t.Num)
	case KindArrayBuffer, KindDataView:
		p.bytes(t.Kind.String(), t.Bytes)
	case KindTypedArray:
		p.bytes(t.Typed.String(), t.Bytes)
	case KindRegExp:
		p.raw(`{"$regexp":`)
		p.text("/" + t.Str + "/" + t.Flags())
		p.raw("}")
	case KindError:
		p.raw(`{"$error":`)
		p.text(t.Name() + ": " + t.Str)
		p.raw(`,"stack":`)
		p.text(t.Stack())
		p.raw("}")
	default:
		p.raw(`{"$unknown":"` + hex.EncodeToString(t.Bytes) + `"}`)
	}
}

func (p *diagnostic) number(f float64) {
	if math.IsNaN(f) || math.IsInf(f, 0) || f == 0 && math.Signbit(f) {
		p.raw(`{"$number":"` + strconv.FormatFloat(f, 'g', -1, 64) + `"}`)
		return
	}
	b, _ := json.Marshal(f) // finite: never an error
	p.out = append(p.out, b...)
}

func (p *diagnostic) bytes(kind string, b []byte) {
	p.raw(`{"$bytes":"` + base64.StdEncoding.EncodeToString(b) + `","type":"` + kind + `"}`)
}

func (p *diagnostic) date(ms float64) {
	if ms != ms {
		p.raw(`{"$date":null}`)
		return
	}
	t := time.UnixMilli(int64(ms)).UTC()
	p.raw(`{"$date":"` + t.Format("2006-01-02T15:04:05.000Z07:00") + `"}`)
}

// bigText is a BigInt in decimal, or in hexadecimal where decimal would take
// long to make.
func bigText(n *big.Int) string {
	if n.BitLen() > 4096 {
		return n.Text(16) + " (hex)"
	}
	return n.String()
}
