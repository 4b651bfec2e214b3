package flows_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kabar-prokus/kabar/flows"
)

func TestCheckFindsNothingInWhatIsRight(t *testing.T) {
	b, c := loaded(t, good(t))
	for _, f := range flows.Check(b, verbs(), c, opens()) {
		t.Error(f)
	}
	for _, f := range flows.Check(b, nil, c, opens()) {
		t.Error("without verbs:", f)
	}
}

// Each planted fault must be found in its file, on its line, with these words,
// and be the only one unless also says what else follows from it.
func TestCheckFindsPlantedFaults(t *testing.T) {
	long := strings.Repeat("panjang ", 16)
	for _, c := range []struct {
		name, file, old, by string
		want                string
		also                string
	}{
		{"dead link", "report.yaml", "stored_up: up", "stored_up: upp", "flows/report.yaml:15: report#weigh leads to report#upp, which does not exist", ""},
		{"dead option", "report.yaml", "next: holiday}", "next: nowhere}", "flows/report.yaml:8: report#ask leads to report#nowhere", "nothing leads to report#"},
		{"dead else", "report.yaml", "else: unread", "else: unreadable", "flows/report.yaml:10: report#ask leads to report#unreadable", ""},
		{"dead route", "routes.yaml", "REPORT: report#ask", "REPORT: report#aks", "flows/routes.yaml:2: beneficiary REPORT leads to report#aks", ""},
		{"unreachable step", "report.yaml", "given_up: visit", "given_up: sorry", "flows/report.yaml:41: nothing leads to report#visit", "nobody says report.visit"},
		{"unknown verb", "report.yaml", "do: report.holiday", "do: report.hollyday", "flows/report.yaml:44: report#holiday does report.hollyday, a verb that does not exist", ""},
		{"undeclared outcome", "report.yaml", "{again: sorry,", "{again: sorry, twice: sorry,", "flows/report.yaml:37: report.unread never answers twice", ""},
		{"unhandled outcome", "report.yaml", "      ambiguous: thousand\n", "", "flows/report.yaml:12: report.weigh may answer ambiguous, which leads nowhere", "nothing leads to report#thousand"},
		{"unmade options", "report.yaml", "{from: weeks,", "{from: months,", "flows/report.yaml:34: report#which chooses from months, which no verb makes", "but nothing makes it"},
		{"unknown text", "report.yaml", "say: report.closed", "say: report.close", "flows/report.yaml:47: report#closed says report.close, a text that does not exist", "nobody says report.closed"},
		{"unknown label", "report.yaml", "label: report.holiday", "label: report.holidays", "flows/report.yaml:8: option 0 of report#ask is labelled report.holidays", "nobody says report.holiday"},
		{"button without a route", "report.yaml", "buttons: [change]", "buttons: [change, chart]", "flows/report.yaml:22: button chart leads nowhere", "needs the text button.chart"},
		{"duplicate key", "report.yaml", "- {key: yes, is: [YES], next: record}", "- {key: yes, is: [YES], next: record}\n      - {key: yes, next: end}", "flows/report.yaml:27: report#thousand offers key yes twice, first on line 26", ""},
		{"duplicate intent", "report.yaml", "- {key: yes, is: [YES], next: record}", "- {key: yes, is: [YES], next: record}\n      - {key: 1, is: [NO, YES], next: end}", "flows/report.yaml:27: report#thousand takes YES for two options", ""},
		{"loop without a question", "report.yaml", "on: {noted: closed}", "on: {noted: holiday}", "flows/report.yaml:45: a loop without a question: report#holiday, report#holiday", "report"},
		{"no wording for SMS", "report.yaml", "say: report.closed", "say: ussd.up", "flows/report.yaml:47: report#closed says ussd.up, which has no wording for sms", "closed"},
		{"crossing to a screen", "report.yaml", "given_up: visit", "given_up: ussd#bye", "flows/report.yaml:37: report#unread leads to ussd#bye: USSD and the other roads", "visit"},
		{"receipt off the screen", "report.yaml", "say: report.closed", "say: report.closed\n    also: {via: sms, say: report.closed}", "flows/report.yaml:48: report#closed has also", ""},

		{"missing placeholder", "text/su.yaml", "Naek {p}% ti", "Naek ti", "flows/text/su.yaml:5: report.up lacks {p}, which id has", ""},
		{"extra placeholder", "text/su.yaml", "Tos dicatet {jumlah}", "Tos dicatet {tksk} {jumlah}", "flows/text/su.yaml:5: report.up has {tksk}, which id has not", ""},
		{"undefined placeholder", "text/id.yaml", "Selamat datang {nama}", "Selamat datang {nama} {umur}", "flows/text/id.yaml:23: stranger.welcome uses {umur}, which placeholders.yaml does not define", "nothing gives {umur}"},
		{"placeholder that nothing gives", "text/id.yaml", "Selamat datang {nama}", "Selamat datang {nama} {tahap}", "flows/stranger.yaml:13: stranger#welcome says stranger.welcome, but nothing gives {tahap}", ""},
		{"a stranger's name", "text/id.yaml", "Nomor ini belum", "Halo {nama}, nomor ini belum", "flows/stranger.yaml:6: stranger#hello says stranger.hello, but nothing gives {nama}", ""},
		{"over one segment", "text/id.yaml", "misal 87rb. Libur balas 0.", "misal 87rb, kalau libur balas angka 0.", "flows/text/id.yaml:6: report.ask takes 168 of 160 septets", ""},
		{"not GSM-7", "text/su.yaml", "Tos dicatet", "Tos dicatêt", "flows/text/su.yaml:5: report.up has characters outside GSM-7: 'ê'", ""},
		{"reserved word", "text/id.yaml", "Balas YA. Kalau", "Balas YES. Kalau", "flows/text/id.yaml:15: report.thousand says YES", ""},
		{"long number", "text/id.yaml", "long_number: Tercatat {jumlah}.", "long_number: Nomor 1234, {jumlah}.", "flows/text/id.yaml:13: report.up (long_number) would be dropped", ""},
		{"unused text", "text/id.yaml", "  report.change:", "  report.old: Lama\n  report.change:", "flows/text/id.yaml:21: nobody says report.old", ""},
		{"text unknown to id", "text/su.yaml", "  ussd.menu:", "  ussd.nemu: x\n  ussd.menu:", "flows/text/su.yaml:7: ussd.nemu does not exist in id", ""},
		{"gap in a complete language", "text/su.yaml", "draft: true", "complete: true", "flows/text/su.yaml: is declared complete, but lacks back (flows/text/id.yaml:4)", "is declared complete"},
		{"her text left out of a complete language", "text/su.yaml", "draft: true", "complete: true\nwithout: ['*']\ndraft: true", "flows/report.yaml:47: report#closed says report.closed to her, which su leaves out", "which su leaves out"},
		{"left out, yet there", "text/su.yaml", "draft: true", "complete: true\nwithout:\n  - '*'\n  - ussd.menu\ndraft: true", "flows/text/su.yaml:5: is without ussd.menu, but lacks no such text", "which su leaves out"},
		{"empty family", "text/placeholders.yaml", "one_of: grant.stage.*", "one_of: grant.stages.*", "flows/text/placeholders.yaml:10: {tahap} is one of grant.stages.*, but there is no such text", ""},

		{"screen too long with options", "text/id.yaml", "ussd.which: Untuk minggu mana?", "ussd.which: " + long + "?", "flows/ussd.yaml:19: the screen of ussd#which takes 184 of 182 septets in id", "septets in su"},
		{"too many options", "ussd.yaml", "      - {key: 1, label: ussd.report, next: ask}\n", options(7), "flows/ussd.yaml:5: ussd#menu offers 7 options", ""},
		{"letter on a screen", "ussd.yaml", "{key: 1, label", "{key: A, label", "flows/ussd.yaml:8: key A of ussd#menu: a USSD screen takes digits", ""},
		{"option without a label", "ussd.yaml", "{key: 0, label: ussd.exit, next: bye}", "{key: 0, next: bye}", "flows/ussd.yaml:9: option 0 of ussd#menu has no label", "nobody says ussd.exit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := good(t)
			replaced(t, files, c.file, c.old, c.by)
			b, words := loaded(t, files)
			hit := false
			for _, f := range flows.Check(b, verbs(), words, opens()) {
				switch s := f.String(); {
				case strings.HasPrefix(s, c.want):
					hit = true
				case c.also == "" || !strings.Contains(s, c.also):
					t.Errorf("besides: %s", s)
				}
			}
			if !hit {
				t.Errorf("not found: %s", c.want)
			}
		})
	}
}

func TestCheckMeasuresAllThatSharesAScreen(t *testing.T) {
	files := good(t)
	replaced(t, files, "ussd.yaml", "    say: ussd.bye\n", "    say: ussd.bye\n    next: menu\n")
	replaced(t, files, "text/id.yaml", "ussd.bye: Terima kasih", "ussd.bye: "+strings.Repeat("Terima kasih ", 9))
	b, c := loaded(t, files)
	got := flows.Check(b, verbs(), c, opens())
	// 9 x 13 + " Mbak Nurhalizahwati." + "Mbak Nurhalizahwati, pilih:" + "1 Lapor jualan" + "0 Keluar" + 3 line feeds.
	want := "flows/ussd.yaml:28: the screen of ussd#bye takes 190 of 182 septets in id"
	if len(got) == 0 || !strings.HasPrefix(got[0].String(), want) {
		t.Errorf("got %v, want %s", got, want)
	}
}

func options(n int) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, "      - {key: %d, label: ussd.report, next: ask}\n", i)
	}
	return b.String()
}

func TestCheckFindsFaultsOfOpeners(t *testing.T) {
	b, c := loaded(t, good(t))
	got := flows.Check(b, verbs(), c, append(opens(),
		flows.Open{By: "reminder", Ref: "report#nothing"},
		flows.Open{By: "digest", Ref: "report#up", Gives: []string{"jumlah", "p"}},
		flows.Open{By: "notice", Says: "report.nothing"},
		flows.Open{By: "notice", Says: "nothing.*"},
	))
	want := []string{
		"digest opens report#up, which does not wait",
		"notice: says nothing.*, a text that does not exist",
		"notice: says report.nothing, a text that does not exist",
		"reminder: opens report#nothing, which does not exist",
	}
	if len(got) != len(want) {
		t.Fatalf("got %v", got)
	}
	for i, w := range want {
		if !strings.Contains(got[i].String(), w) {
			t.Errorf("got %s, want %s", got[i], w)
		}
	}
}

func TestCheckTellsAllAtOnce(t *testing.T) {
	files := good(t)
	replaced(t, files, "report.yaml", "stored_up: up", "stored_up: upp")
	replaced(t, files, "report.yaml", "do: report.holiday", "do: report.hollyday")
	replaced(t, files, "text/su.yaml", "Naek {p}% ti", "Naek ti")
	b, c := loaded(t, files)
	if got := flows.Check(b, verbs(), c, opens()); len(got) != 3 {
		t.Errorf("want 3 faults, got %v", got)
	}
}
