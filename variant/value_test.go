package variant

import (
	"errors"
	"math"
	"testing"
	"unsafe"
)

// TestForm holds what the machine of a language counts on: three words, and no
// garbage for what fits them.
func TestForm(t *testing.T) {
	if n := unsafe.Sizeof(Value{}); n != 3*unsafe.Sizeof(uintptr(0)) && unsafe.Sizeof(uintptr(0)) == 8 {
		t.Errorf("a Value has %d bytes", n)
	}
	slots := make([]Value, 16)
	text := OfText(half{0xD800})
	n := testing.AllocsPerRun(100, func() {
		for i, v := range []Value{
			Empty, Missing, Null, Nothing, Bool(true), Byte(255), Integer(-3), Long(1 << 30), LongLong(1 << 60), Single(1.5),
			Double(1e300), Currency(12345678901234), Date(45000.25), Error(Overflow), text,
		} {
			slots[i] = v
			_, _ = slots[i].ToFloat()
			_, _ = slots[i].Change(KindLong)
		}
	})
	if n != 0 {
		t.Errorf("scalars made %v allocations", n)
	}
}

// half is a Text with half a character.
type half []uint16

func (h half) String() string      { return "\uFFFD" }
func (h half) Length() int         { return len(h) }
func (h half) CharAt(i int) uint16 { return h[i] }

// script is a value of a language of its own.
type script struct{ text string }

func (s *script) Text() (string, error) {
	if s.text == "fails" {
		return "", errors.New("thrown")
	}
	return s.text, nil
}
func (s *script) Number() (float64, error) { return 42, nil }
func (s *script) Truth() bool              { return true }

type thing struct{}

func (*thing) TypeName() string { return "IRegExp2" }

// TestNames: the numbers are those of [MS-OAUT] 2.2.7, the names those of the
// VBScript reference, "TypeName Function".
func TestNames(t *testing.T) {
	one := Integer(1)
	for _, c := range []struct {
		v    Value
		kind Kind
		num  int
		name string
	}{
		{Value{}, KindEmpty, 0, "Empty"},
		{Null, KindNull, 1, "Null"},
		{Integer(1), KindInteger, 2, "Integer"},
		{Long(1), KindLong, 3, "Long"},
		{Single(1), KindSingle, 4, "Single"},
		{Double(1), KindDouble, 5, "Double"},
		{Currency(1), KindCurrency, 6, "Currency"},
		{Date(1), KindDate, 7, "Date"},
		{String("x"), KindString, 8, "String"},
		{OfText(half{1}), KindString, 8, "String"},
		{Object(&struct{ int }{}), KindObject, 9, "Object"},
		{Object(&thing{}), KindObject, 9, "IRegExp2"},
		{Object(nil), KindNothing, 9, "Nothing"},
		{Error(Fail), KindError, 10, "Error"},
		{Missing, KindError, 10, "Error"},
		{Bool(false), KindBoolean, 11, "Boolean"},
		{Byte(1), KindByte, 17, "Byte"},
		{LongLong(1), KindLongLong, 20, "LongLong"},
		{Bytes([]byte{1}), KindBytes, 8209, "Byte()"},
		{OfArray(List()), KindArray, 8204, "Variant()"},
		{OfScript(&script{}), KindScript, 9, "Object"},
		{ByRef(&one), KindRef, 2, "Integer"},
		{OfScript(nil), KindEmpty, 0, "Empty"},
		{OfText(nil), KindEmpty, 0, "Empty"},
		{OfArray(nil), KindEmpty, 0, "Empty"},
	} {
		if c.v.Kind() != c.kind || c.v.VarType() != c.num || c.v.TypeName() != c.name {
			t.Errorf("%v: kind %d, VarType %d, TypeName %s; want %d, %d, %s",
				c.v, c.v.Kind(), c.v.VarType(), c.v.TypeName(), c.kind, c.num, c.name)
		}
	}
}

// TestParts: what was put in comes out, the same one.
func TestParts(t *testing.T) {
	s, obj, a, b := &script{}, &thing{}, List(Long(1)), []byte("x")
	slot := Long(7)
	switch {
	case OfScript(s).Script() != Script(s), Object(obj).Object() != any(obj), OfArray(a).Array() != a, &Bytes(b).Bytes()[0] != &b[0]:
		t.Error("a reference came out as another")
	case Long(1).Object() != nil, Null.Script() != nil, String("x").Array() != nil, Nothing.Object() != nil, Object(a).Array() == nil:
		t.Error("a part came out that isn't there")
	case !Missing.IsMissing(), Empty.IsMissing(), Null.IsMissing(), Error(Fail).IsMissing():
		t.Error("what was left out isn't told from what is empty")
	case !Empty.IsAbsent(), !Missing.IsAbsent(), !Null.IsAbsent(), !Nothing.IsAbsent(), String("").IsAbsent(), Error(Fail).IsAbsent():
		t.Error("IsAbsent")
	case Long(-5).Int64() != -5, Currency(3).Int64() != 3, Double(2.5).Float64() != 2.5, Double(3).Int64() != 0, Date(2).Float64() != 2:
		t.Error("numbers")
	case Int(1<<31).Kind() != KindDouble, Int(-1<<31).Kind() != KindLong:
		t.Error("Int")
	}
	ref := ByRef(&slot)
	*ref.Slot() = String("assigned")
	if got, _ := slot.Str(); got != "assigned" || !Equal(ref.Deref(), slot) || Long(1).Slot() != nil {
		t.Error("an argument ByRef wasn't assigned to")
	}
	var circle Value
	circle = ByRef(&circle)
	if circle.Deref().Kind() != KindEmpty {
		t.Error("slots that lead to each other have a value")
	}
	if own := OfText(half{0xD800}).Own(); own.Text() != nil || own.Kind() != KindString {
		t.Error("Own left a text of the request's")
	}
}

func TestEqual(t *testing.T) {
	obj := &thing{}
	self := List(Empty)
	self.Elements()[0] = OfArray(self)
	other := List(Empty)
	other.Elements()[0] = OfArray(other)
	same := [][2]Value{
		{Empty, Value{}}, {Null, Null}, {Long(1), Long(1)}, {Double(0), Double(negativeZero)}, {String("ab"), String("ab")},
		{OfText(half{65}), OfText(half{65})}, {Bytes([]byte{1, 2}), Bytes([]byte{1, 2})}, {Object(obj), Object(obj)},
		{OfArray(List(Long(1), Null)), OfArray(List(Long(1), Null))}, {Missing, Error(ParamNotFound)},
	}
	for _, p := range same {
		if !Equal(p[0], p[1]) {
			t.Errorf("%v isn't %v", p[0], p[1])
		}
	}
	different := [][2]Value{
		{Empty, Null}, {Empty, String("")}, {Long(1), Integer(1)}, {String("a"), String("A")}, {OfText(half{65}), OfText(half{65, 66})},
		{OfText(half{0xD800}), OfText(half{0xD801})}, {Object(obj), Nothing}, {OfArray(List(Long(1))), OfArray(List())},
		{Bool(true), Bool(false)}, {OfScript(&script{}), OfScript(&script{})}, {OfArray(self), OfArray(other)}, {Double(1), Double(2)},
	}
	for _, p := range different {
		if Equal(p[0], p[1]) {
			t.Errorf("%v is %v", p[0], p[1])
		}
	}
}

func TestArray(t *testing.T) {
	a, err := NewArray(Bound{0, 2}, Bound{-1, 3})
	if err != nil {
		t.Fatal(err)
	}
	for i, at := range [][]int{{0, -1}, {1, -1}, {0, 0}, {1, 0}, {0, 1}, {1, 1}} { // [MS-OAUT] 2.2.30.10: the first index moves fastest
		p, err := a.At(at...)
		if err != nil || p != &a.Elements()[i] {
			t.Errorf("%v isn't element %d: %v", at, i, err)
		}
	}
	for _, at := range [][]int{{2, 0}, {0, 2}, {0, -2}, {-1, 0}, {0}, {0, 0, 0}, nil, {math.MaxInt, 0}, {math.MinInt, 0}} {
		if _, err := a.At(at...); err != BadIndex {
			t.Errorf("%v: %v", at, err)
		}
	}
	for _, c := range []struct {
		bounds []Bound
		want   error
	}{
		{nil, BadIndex}, {make([]Bound, 61), BadIndex}, {[]Bound{{0, -1}}, BadIndex}, {[]Bound{{0, 2000000001}}, OutOfMemory},
		{[]Bound{{0, 1 << 20}, {0, 1 << 20}, {0, 1 << 20}, {0, 1 << 20}}, OutOfMemory}, {[]Bound{{5, 0}}, nil}, {make([]Bound, 60), nil},
	} {
		if _, err := NewArray(c.bounds...); err != c.want {
			t.Errorf("%v: %v, want %v", c.bounds, err, c.want)
		}
	}
}

// TestArrayCopies: a copy has copies of the arrays in it, and what ReDim
// Preserve leaves out is gone.
func TestArrayCopies(t *testing.T) {
	inner := List(Long(1))
	a := List(OfArray(inner), Long(2))
	c := a.Clone()
	*must(c.Elements()[0].Array().At(0)) = Long(9)
	*must(c.At(1)) = Long(8)
	if !Equal(OfArray(a), OfArray(List(OfArray(List(Long(1))), Long(2)))) {
		t.Error("a copy shares its elements")
	}
	if err := errors.Join(a.Resize(1), a.Resize(3)); err != nil || len(a.Elements()) != 3 || a.Elements()[1].Kind() != KindEmpty {
		t.Errorf("Resize: %v, %v", err, a.Elements())
	}
	if c.Bounds()[0].Len != 2 {
		t.Error("a copy's bounds were changed")
	}
	if a.Resize(-1) != BadIndex || a.Resize(math.MaxInt) != OutOfMemory {
		t.Error("Resize took a size that is none")
	}
}

func must(p *Value, err error) *Value {
	if err != nil {
		panic(err)
	}
	return p
}
