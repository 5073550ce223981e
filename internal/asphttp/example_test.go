package asphttp_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/asphttp"
)

func ExampleNew() {
	err := asp.New(asp.CodeIndex, "")
	fmt.Println(err)
	fmt.Println(err.Number, err.COMDescription())

	placed := asp.New(126, "inc/menu.inc").At("/shop/default.asp", 3, 5)
	fmt.Println(placed)
	// Output:
	// ASP 0105: Index out of range: An array index is out of range.
	// -2147467259 007~ASP 0105~Index out of range~An array index is out of range.
	// /shop/default.asp:3:5: ASP 0126: Include file not found: The include file 'inc/menu.inc' was not found.
}

func ExampleParseQuery() {
	v, _ := asphttp.ParseQuery("t=x&a=1;b=2&T=y&q=%u0416", nil, asphttp.FormLimits{})
	for i := 1; i <= v.Len(); i++ {
		name, _ := v.Key(i)
		fmt.Printf("%s = %s\n", name, v.Text(name))
	}
	// Output:
	// t = x, y
	// a = 1;b=2
	// q = Ж
}

func ExampleResponse() {
	res := asphttp.NewResponse(asphttp.ResponseConfig{Buffering: true, CookiePath: "/shop"})
	res.WriteString("<p>Hello</p>")
	res.Cookies().SetKey("prefs", "color", "dark red")
	res.Cookies().SetHttpOnly("prefs", true)
	err := res.AddHeader("X-Note", "one\r\nX-Second: 1")
	fmt.Println(err)

	status, _, header := res.Prepare()
	body := res.Finish()
	defer body.Release()
	fmt.Println(status, header.Get("Content-Type"), body.Len())
	fmt.Println(header.Get("Set-Cookie"))
	fmt.Println(asp.CodeOf(res.SetStatus("404")), errors.Is(res.WriteString("late"), asphttp.ErrDetached))
	// Output:
	// ASP 0104: Operation not Allowed: The header X-Note contains the control character 0x0D at position 4.
	// 200 text/html; charset=utf-8 12
	// prefs=color=dark+red; path=/shop; HttpOnly
	// 0 true
}

func ExampleReadBody() {
	r := httptest.NewRequest("POST", "/form.asp?id=7", strings.NewReader("name=Ann&color=red&color=blue"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	body, err := asphttp.ReadBody(r.Context(), r, asphttp.BodyLimits{Max: 200000})
	if err != nil {
		fmt.Println(err) // *asphttp.LimitError or *asphttp.BodyError: both know the HTTP status
		return
	}
	req := asphttp.NewRequest(r, body, asphttp.RequestConfig{ScriptName: "/form.asp"})
	defer req.Close()
	form, _ := req.Form()
	fmt.Println(form.Text("Color"), "|", req.QueryString().Text("id"), "|", req.ServerVariable("URL"))
	_, err = req.BinaryRead(10)
	fmt.Println(asp.CodeOf(err))
	// Output:
	// red, blue | 7 | /form.asp
	// 206
}

func ExampleHTMLEncode() {
	fmt.Println(asphttp.HTMLEncode(`<a href="x">R&D</a>`, nil))
	fmt.Println(asphttp.URLEncode("my file.asp", nil), asphttp.URLPathEncode("/my file.asp"))
	// Output:
	// &lt;a href=&quot;x&quot;&gt;R&amp;D&lt;/a&gt;
	// my+file%2Easp /my%20file.asp
}

func ExampleResponseCookies() {
	res := asphttp.NewResponse(asphttp.ResponseConfig{Buffering: true})
	c := res.Cookies()
	c.Set("user", "Ann B.")
	c.SetExpires("user", time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC))
	c.SetKey("user", "name", "Ann") // keys destroy the plain value
	_, _, header := res.Prepare()
	fmt.Println(header["Set-Cookie"][0])
	// Output:
	// user=name=Ann; expires=Wed, 02 Jan 2030 03:04:05 GMT; path=/
}
