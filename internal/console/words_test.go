package console

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// Every code that a page may show has a word, and every sentence that the code names exists.
func TestWordsForEveryCode(t *testing.T) {
	w, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string][]string{
		"out": states, "error": {"400", "401", "403", "404", "409", "500", "forgery"},
		"broadcast": {string(Draft), string(Submitted), string(Approved), string(Running), string(Paused), string(Done), string(Cancelled)},
		"case":      {string(prokus.CaseOpen), string(prokus.CaseSnoozed), string(prokus.CaseWatched), string(prokus.CaseAsked), string(prokus.CaseClosed)},
		"role":      {string(prokus.TKSK), string(prokus.Mentor), string(prokus.Coordinator), string(prokus.Ministry)},
		"status":    {string(prokus.Active), string(prokus.Graduated), string(prokus.Left), string(prokus.Deceased), string(prokus.Duplicate)},
		"consent":   {string(prokus.Unasked), string(prokus.Invited), string(prokus.Agreed), string(prokus.Stopped)},
		"address":   {string(prokus.AddressActive), string(prokus.AddressPending), string(prokus.AddressReleased), string(prokus.AddressWrong), string(prokus.AddressDead), string(prokus.AddressBlocked)},
		"source":    {string(prokus.BySelf), string(prokus.ByProxy), string(prokus.ByHelper), string(prokus.ByOfficer)},
		"activity":  {"semua", string(Reporting), string(Silent)},
		"class":     {string(prokus.Beginner), string(prokus.Developing), string(prokus.Advanced)},
		"direction": {string(prokus.Rising), string(prokus.Steady), string(prokus.Sinking)},
		"part":      {prokus.PartReports, prokus.PartSales, prokus.PartSessions, prokus.PartReceipts, prokus.PartBook, prokus.PartSaving},
		"part_help": {prokus.PartReports, prokus.PartSales, prokus.PartSessions, prokus.PartReceipts, prokus.PartBook, prokus.PartSaving},
		"lang":      {"id", "su", "jv", "en"}, "via": {"sms", "ussd", "telegram", "whatsapp", "phone"},
	}
	for _, kind := range []channels.ErrorKind{channels.Temporary, channels.Throttled, channels.BlockedBy, channels.Invalid, channels.Ambiguous, channels.Misconfig, channels.OutOfReach, channels.NoWindow} {
		codes["answer"], codes["why"] = append(codes["answer"], string(kind)), append(codes["why"], string(kind))
	}
	codes["answer"] = append(codes["answer"], "accepted", "found", "missing")
	codes["exchange"] = []string{channels.ExchangeSend, channels.ExchangeFind, channels.ExchangeStatus}
	for _, s := range []channels.State{channels.Queued, channels.Sending, channels.Accepted, channels.Delivered, channels.Read, channels.Failed, channels.Undelivered} {
		codes["receipt"] = append(codes["receipt"], string(s))
	}
	for _, k := range kinds {
		codes["kind"] = append(codes["kind"], string(k))
	}
	for _, r := range reasons {
		codes["reason"] = append(codes["reason"], string(r))
	}
	for _, s := range prokus.DefaultStages() {
		codes["stage"] = append(codes["stage"], string(s.Code))
	}
	for _, set := range prokus.Settings() {
		if _, what, ok := reasonOf(set.Key); ok {
			codes["setting"] = append(codes["setting"], what)
			continue
		}
		codes["setting"] = append(codes["setting"], set.Key)
		if set.Kind == prokus.Number {
			codes["measure"] = append(codes["measure"], set.Key)
		}
		if set.Kind == prokus.Cadence && len(set.Days) == 0 {
			codes["every"] = append(codes["every"], set.Key)
		}
		if groupOf(set.Key) == "" {
			t.Errorf("%s stands in no part of the list", set.Key)
		}
	}
	for _, g := range ruleGroups {
		codes["rules"] = append(codes["rules"], g.name)
	}
	codes["calendar"] = []string{Holiday, Pause, Fast}
	codes["unsaid"] = []string{"gone", "dialled", "queued", "never"}
	codes["session"] = []string{string(prokus.SessionPlanned), string(prokus.SessionHeld), string(prokus.SessionCancelled), "lewat"}
	for _, r := range scheduler.DefaultRules() {
		if !slices.Contains([]string{"week.close", "case.daily", "score.weekly"}, r.Name) { // these say nothing by themselves
			codes["rule"] = append(codes["rule"], r.Name)
		}
	}
	for group, all := range codes {
		if len(all) == 0 {
			t.Errorf("no codes of %s", group)
		}
		for _, code := range all {
			if w[group+"."+code] == "" {
				t.Errorf("no word for %s.%s", group, code)
			}
		}
	}
	named := regexp.MustCompile(`v, "(?:[a-z]+", )?"?([a-z]+)", (?:func|err)|c\.base\(v, "(title\.[a-z_]+)"`)
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, f := range files {
		src, err := os.ReadFile(f.Name())
		if err != nil {
			continue // a directory
		}
		for _, m := range named.FindAllStringSubmatch(string(src), -1) {
			key := m[2]
			if key == "" {
				key = "done." + m[1]
			}
			found = append(found, key)
			if w[key] == "" {
				t.Errorf("%s: no words for %s", f.Name(), key)
			}
		}
	}
	for _, key := range []string{"done.approved", "done.cancelled", "title.home", "title.new_broadcast"} {
		if !slices.Contains(found, key) {
			t.Errorf("the test overlooks %s; it found %q", key, found)
		}
	}
}
