package config

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/najahost/naja/internal/setting"
)

// Explain says in a few lines what a setting means, its default, and when a
// change of it counts. The error is an [Error] for a name that there isn't.
func Explain(name string) (string, error) {
	l := newLoader()
	k, ok := l.keys[name]
	if !ok {
		return "", l.unknown(assignment{Origin{Flag: "--explain"}, name, nil})
	}
	app, err := plainApplication()
	if err != nil {
		return "", err
	}
	var text strings.Builder
	if k.scope == forTable {
		fmt.Fprintf(&text, "%s, in [[application]] only\n", name)
	} else if shown := k.DefaultIs; shown != "" {
		fmt.Fprintf(&text, "%s (default: %s)\n", name, plainText(shown))
	} else {
		fmt.Fprintf(&text, "%s = %s\n", name, inForce("", k, target{&l.server, &app}, nil).Value)
	}
	fmt.Fprintf(&text, "  %s\n", plainText(k.Doc))
	for _, need := range k.Needs {
		fmt.Fprintf(&text, "  it is for %s\n", need)
	}
	when := map[setting.When]string{
		setting.Now: "at once", setting.Loaded: "when the application is loaded again", setting.Started: "when the server is started again",
	}[k.Counts()]
	fmt.Fprintf(&text, "  a change counts %s\n", when)
	return text.String(), nil
}

// plainText is Markdown without its marks and links.
func plainText(markdown string) string {
	text := regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`).ReplaceAllString(markdown, "$1")
	return strings.ReplaceAll(text, "`", "")
}
