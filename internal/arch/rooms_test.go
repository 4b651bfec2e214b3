package arch

import "strings"

// room is a package, or a kind of package, and what it may know.
type room struct {
	path string // below the module; "" is main, and a last element "*" stands for every package that has no room of its own
	// free rooms wire or test the others and may import all of them.
	free bool
	// may are the rooms of ours that it may import.
	may []string
	// outside are modules of others. They are listed so that a dependency arrives in a room by decision.
	outside []string
}

// rooms are all of them. A package that matches none is a fault: give it a room here and in docs/design.md.
var rooms = []room{
	// What the programme is. They know no database, no provider and no clock.
	{path: "internal/prokus"},
	{path: "internal/bahasa", outside: []string{"golang.org/x/text", "github.com/nyaruka/phonenumbers"}},
	{path: "internal/areas"}, // Kemendagri codes, holidays and pauses: data with a reader
	{path: "channels", may: []string{"internal/prokus", "internal/bahasa"}},
	{path: "flows", may: []string{"flows/text", "flows/internal/source", "internal/prokus", "internal/bahasa"}},
	{path: "flows/text", may: []string{"flows/internal/source", "internal/prokus", "internal/bahasa"}},
	{path: "flows/internal/source", outside: []string{"github.com/goccy/go-yaml"}}, // lines and faults of YAML, for flows and flows/text

	// What is done. Each owns the interfaces that it needs.
	{path: "internal/acts", may: []string{"internal/prokus", "internal/bahasa"}},
	{path: "bot", may: []string{"channels", "flows", "flows/text", "internal/acts", "internal/prokus", "internal/bahasa"},
		outside: []string{"github.com/google/uuid"}}, // buttons name the message that carries them before it is kept
	{path: "scheduler", may: []string{"channels", "flows/text", "internal/acts", "internal/prokus", "internal/bahasa"},
		outside: []string{"github.com/riverqueue/river", "github.com/robfig/cron/v3"}},
	{path: "internal/monthly", may: []string{"internal/prokus", "internal/bahasa"}},
	{path: "internal/console", may: []string{"flows", "flows/text", "internal/acts", "internal/monthly", "internal/prokus", "internal/bahasa"},
		outside: []string{"github.com/goccy/go-yaml", "github.com/boombuler/barcode"}}, // QR codes of printed cards
	{path: "internal/roster", may: []string{"internal/areas", "internal/prokus", "internal/bahasa"},
		outside: []string{"github.com/xuri/excelize/v2", "golang.org/x/text"}},
	// The invented programme is built from the real reference data, in the real words, with NIK fingerprints as imports make them.
	{path: "internal/demo", may: []string{"flows/text", "internal/areas", "internal/roster", "internal/prokus", "internal/bahasa"}},

	// The edges. An adapter sees its own provider and the contract, never another adapter.
	{path: "channels/telegram", may: []string{"channels", "internal/prokus", "internal/bahasa"},
		outside: []string{"github.com/go-telegram/bot", "golang.org/x/time"}},
	{path: "channels/twilio", may: []string{"channels", "internal/prokus", "internal/bahasa"}, outside: []string{"github.com/twilio/twilio-go", "github.com/goccy/go-yaml"}}, // templates are named in YAML
	{path: "channels/gateway", may: []string{"channels", "internal/prokus", "internal/bahasa"}, outside: []string{"github.com/goccy/go-yaml"}},                               // its descriptions are YAML
	{path: "channels/*", may: []string{"channels", "internal/prokus", "internal/bahasa"}},
	// Every line of SQL. It knows the rooms whose interfaces it fulfils, and inserts jobs with River's client.
	{path: "internal/postgres",
		may: []string{"bot", "scheduler", "channels", "channels/sim", "internal/acts", "internal/console", "internal/monthly", "internal/roster", "internal/demo",
			"internal/areas", "internal/prokus", "internal/bahasa"},
		outside: []string{"github.com/jackc/pgx/v5", "github.com/riverqueue/river", "github.com/pressly/goose/v3", "github.com/google/uuid"}},

	// What stands beside the house.
	{path: "internal/config", may: []string{"internal/prokus"}, outside: []string{"github.com/goccy/go-yaml"}}, // the senders' terms are a YAML file
	{path: "internal/chart", outside: []string{"golang.org/x/image"}},                                          // a font, drawn
	{path: "internal/embedded", may: []string{"internal/prokus"}, outside: []string{"github.com/jackc/pgx/v5"}},
	{path: "internal/fake", may: []string{"internal/prokus"}},
	// A phone in the terminal: it talks HTTP like any other program.
	{path: "internal/chat", may: []string{"internal/bahasa"}, outside: []string{"golang.org/x/term"}},
	{path: "internal/arch"},

	{path: "", free: true, outside: []string{"github.com/alecthomas/kong", "github.com/jackc/pgx/v5", "github.com/riverqueue/river",
		"github.com/prometheus/client_golang", "golang.org/x/term", "github.com/wneessen/go-mail"}},
	{path: "internal/pgtest", free: true, outside: []string{"github.com/jackc/pgx/v5"}},
	{path: "channels/channelstest", free: true},
	{path: "internal/e2e", free: true},
}

// roomOf finds a package's room: by its own name, else by its kind.
func roomOf(dir string) (room, bool) {
	kind := "*"
	if i := strings.LastIndexByte(dir, '/'); i >= 0 {
		kind = dir[:i+1] + "*"
	}
	var found room
	ok := false
	for _, r := range rooms {
		if r.path == dir {
			return r, true
		}
		if r.path == kind {
			found, ok = r, true
		}
	}
	return found, ok
}

// within says whether a module or package path lies within one of the prefixes.
func within(path string, prefixes []string) bool {
	for _, p := range prefixes {
		if path == p || strings.HasPrefix(path, p+"/") {
			return true
		}
	}
	return false
}

// emptyNames say nothing about what is in a package.
var emptyNames = []string{"util", "utils", "common", "model", "models", "helper", "helpers", "manager", "managers", "service", "services", "misc", "base"}

// sqlMay holds SQL: everywhere else it stays in one room, so that each statement is found, tested and indexed.
var sqlMay = []place{
	{"internal/postgres", "the room of SQL"},
	{"internal/pgtest", "makes, lists and drops whole databases of the tests; it touches no table of ours"},
}

// clockMay reads the process's clock; everywhere else the time is passed in.
var clockMay = []place{
	{"", "main takes the clock and hands it on; its metrics measure durations"},
	{"internal/embedded", "waits for a server process; the programme's time has no part in it"},
	{"internal/pgtest", "as internal/embedded, for the server of the tests"},
	{"internal/fake", "the providers are other people's machines with clocks of their own"},
	{"channels/telegram/pace.go", "measures how long a send has waited for its turn"},
}

// initMay has init functions.
var initMay = []place{
	{"internal/pgtest/keeper.go", "a test binary becomes the keeper of the tests' server before main, and no other place comes before main"},
}

// place is a package or a file that a rule leaves out, and why.
type place struct{ path, why string }

// listed says whether a file is left out, by its own name or its package's.
func listed(places []place, s source) (int, bool) {
	for i, p := range places {
		if p.path == s.path || p.path == s.dir {
			return i, true
		}
	}
	return 0, false
}
