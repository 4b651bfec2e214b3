package arch

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

func TestTheHouseKeepsItsRules(t *testing.T) {
	all := house(t)
	for rule, find := range map[string]func([]source) []string{
		"rooms import only what they may": imports,
		"SQL lives in postgres":           sql,
		"time is passed in":               clock,
		"nothing runs before main":        inits,
		"packages keep no state":          globals,
	} {
		t.Run(rule, func(t *testing.T) { report(t, find(all)) })
	}
}

func TestTheProjectStandsAlone(t *testing.T) {
	faults, err := alone(os.DirFS(root(t)))
	if err != nil {
		t.Fatal(err)
	}
	report(t, faults)
}

func report(t *testing.T, faults []string) {
	t.Helper()
	for _, f := range faults {
		t.Error(f)
	}
}

// Each rule finds the breach that is planted for it, and nothing in what is allowed.
func TestRulesBite(t *testing.T) {
	ours := func(p string) string { return `import _ "` + module + "/" + p + `"` }
	for _, c := range []struct {
		what, file, body, want string
		rule                   func([]source) []string
	}{
		{"bot knows postgres", "bot/x.go", ours("internal/postgres"), "bot/x.go:2: bot may not import internal/postgres", imports},
		{"an adapter knows another", "channels/smsgate/x.go", ours("channels/twilio"), "channels/smsgate may not import channels/twilio", imports},
		{"an adapter knows the contract", "channels/smsgate/x.go", ours("channels"), "", imports},
		{"the programme's words know a library", "internal/prokus/x.go", `import _ "github.com/google/uuid"`, "may not import github.com/google/uuid", imports},
		{"another adapter's SDK", "channels/ussd/x.go", `import _ "github.com/twilio/twilio-go/client"`, "channels/ussd may not import", imports},
		{"a module whose name only begins alike", "internal/bahasa/x.go", `import _ "golang.org/x/textile"`, "may not import golang.org/x/textile", imports},
		{"the standard library", "internal/prokus/x.go", `import _ "encoding/json"`, "", imports},
		{"main knows all", "x.go", ours("internal/postgres"), "", imports},
		{"a test knows all", "bot/x_test.go", ours("internal/postgres"), "", imports},
		{"a room that nobody knows", "internal/loyalty/x.go", "", "internal/loyalty/x.go:1: the package internal/loyalty has no room", imports},
		{"a drawer for everything", "channels/utils/x.go", "", "the package channels/utils has no room", imports},
		{"a dot import", "bot/x.go", `import . "strings"`, "dot import", imports},

		{"a query", "bot/x.go", "const q = `\n\tselect id\n\tfrom person`", "bot/x.go:2: SQL", sql},
		{"a query in pieces", "bot/x.go", `func f(c string) string { return "UPDATE person " + c + " SET x" }`, "bot/x.go:2: SQL", sql},
		{"an insert", "x.go", `var q = []string{"insert  into person"}`, "x.go:2: SQL", sql},
		{"a delete", "scheduler/x.go", `func f() { g("DELETE FROM person") }`, "scheduler/x.go:2: SQL", sql},
		{"a sentence", "bot/x.go", `const s = "select one of three, then update your week"`, "", sql},
		{"HTTP's words", "bot/x.go", `var m = []string{"DELETE", "UPDATE", "from"}`, "", sql},
		{"a query at home", "internal/postgres/x.go", `const q = "SELECT 1 FROM person"`, "", sql},
		{"a query in a comment", "bot/x.go", "// SELECT x FROM person", "", sql},

		{"the clock is called", "bot/x.go", "import \"time\"\nvar t = time.Now()", "bot/x.go:3: reads the process's clock (time.Now)", clock},
		{"the clock is handed on", "channels/ussd/x.go", "import \"time\"\nvar t = time.Now", "channels/ussd/x.go:3: reads", clock},
		{"the clock by another name", "bot/x.go", "import z \"time\"\nvar t = z.Since(z.Time{})", "time.Since", clock},
		{"somebody else's Now", "bot/x.go", "import \"time\"\nfunc f(c interface{ Now() time.Time }) { c.Now() }", "", clock},
		{"a local variable called time", "bot/x.go", "import \"time\"\nvar _ = time.UTC\nfunc f(time interface{ Now() int }) { time.Now() }", "", clock},

		{"init", "bot/x.go", "func init() {}", "bot/x.go:2: init runs", inits},
		{"init of a test", "bot/x_test.go", "func init() {}", "bot/x_test.go:2: init runs", inits},
		{"a method called init", "bot/x.go", "type t int\nfunc (t) init() {}", "", inits},

		{"a counter", "bot/x.go", "var n int\nfunc f() { n++ }", "bot/x.go:3: changes n", globals},
		{"a registry", "bot/x.go", "var m = map[int]int{}\nfunc f() { m[1] = 2 }", "bot/x.go:3: changes m", globals},
		{"a lock", "bot/x.go", "import \"sync\"\nvar mu sync.Mutex", "bot/x.go:3: mu is a sync.Mutex", globals},
		{"an atomic", "bot/x.go", "import \"sync/atomic\"\nvar p atomic.Pointer[int]", "p is a atomic.Pointer", globals},
		{"a channel", "bot/x.go", "var c = make(chan int)", "c is a chan", globals},
		{"a table", "bot/x.go", "var m = map[int]int{1: 2}\nfunc f() int { return m[1] }", "", globals},
		{"a value thrown away", "bot/x.go", "var _ error = nil\nfunc f() { _ = 1 }", "", globals},
		{"a local of the same name", "bot/x.go", "var n int\nfunc f() { n := 1; n++; _ = n }", "", globals},
		{"a field of the same name", "bot/x.go", "var n int\ntype t struct{ n int }\nfunc (t *t) f() { t.n++ }", "", globals},
	} {
		t.Run(c.what, func(t *testing.T) {
			all, err := read(fstest.MapFS{c.file: {Data: []byte("package x\n" + c.body + "\n")}})
			if err != nil || len(all) != 1 {
				t.Fatal(len(all), err)
			}
			expect(t, c.rule(all), c.want)
		})
	}
}

func TestStateOfAnotherFileIsSeen(t *testing.T) {
	all, err := read(fstest.MapFS{
		"bot/a.go": {Data: []byte("package x\nvar n int\n")},
		"bot/b.go": {Data: []byte("package x\nfunc f() { n = 1 }\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, globals(all), "bot/b.go:2: changes n")
}

func TestPathsOfOneMachineAreSeen(t *testing.T) {
	for line, want := range map[string]string{
		"see .." + "/shared/design.md":          "x.md:2: speaks of .." + "/shared",
		`f, _ := os.Open("/` + `tmp/show.txt")`: "x.md:2: speaks of /" + "tmp/show.txt",
		"cd /" + "home/budi/kabar":              "x.md:2: speaks of /" + "home/budi",
		"https://example.org/home/page":         "",
		"profile=$TMPDIR/tmp/x":                 "",
		"/usr/lib/postgresql/15/bin":            "",
	} {
		faults, err := alone(fstest.MapFS{"x.md": {Data: []byte("first\n" + line + "\n")}})
		if err != nil {
			t.Fatal(err)
		}
		expect(t, faults, want)
	}
}

func expect(t *testing.T, faults []string, want string) {
	t.Helper()
	var found []string
	for _, f := range faults {
		if !strings.HasPrefix(f, "rooms_test.go: nothing needs") { // a planted tree needs none of the exceptions
			found = append(found, f)
		}
	}
	all := strings.Join(found, "\n")
	if want == "" && all != "" {
		t.Errorf("found what is allowed:\n%s", all)
	}
	if want != "" && (len(found) != 1 || !strings.Contains(all, want)) {
		t.Errorf("found %d faults, want one with %q:\n%s", len(found), want, all)
	}
}
