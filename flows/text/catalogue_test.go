package text_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/kabar-prokus/kabar/flows/text"
)

func TestWhatTheCatalogueKnows(t *testing.T) {
	c := catalogue(t)
	if got := c.Languages(); !slices.Equal(got, []string{"id", "su"}) {
		t.Errorf("languages %v", got)
	}
	if !c.Draft("su") || c.Draft("id") {
		t.Error("su is a draft, id is not")
	}
	if !c.Has("up") || c.Has("down") {
		t.Error("up exists, down does not")
	}
	if got := c.Placeholders("up", "su", "sms"); !slices.Equal(got, []string{"jumlah", "rentang"}) {
		t.Errorf("placeholders %v", got)
	}
	if got := c.Given(true); !slices.Equal(got, []string{"nama"}) {
		t.Errorf("given %v", got)
	}
	if got := c.Given(false); len(got) != 0 {
		t.Errorf("given for a stranger %v", got)
	}
	if got, ok := c.Longest("status", "su", "sms"); !ok || got != "Nurhalizahwati: DIPROSES BANK dinten Rab 10 Jun" {
		t.Errorf("longest %q, %v", got, ok)
	}
	if m := c.Keys()[0]; m.Key != "chat" || m.File != "flows/text/id.yaml" || m.Line != 11 {
		t.Errorf("first key %+v", m)
	}
}

func TestLoadTellsWhatIsWrongWithTheFiles(t *testing.T) {
	for _, x := range []struct{ name, file, old, by, want string }{
		{"brace", "id.yaml", "Tercatat {jumlah}", "Tercatat {jumlah", "flows/text/id.yaml:5: up: a brace that is no placeholder"},
		{"capital in a placeholder", "id.yaml", "Tercatat {jumlah}", "Tercatat {Jumlah}", "flows/text/id.yaml:5: up: a brace that is no placeholder"},
		{"variant", "id.yaml", "    sms: lewat sms", "    pigeon: lewat sms", `flows/text/id.yaml:7: unknown key "pigeon" in text roads`},
		{"empty", "id.yaml", "stage.usul: DIUSULKAN", "stage.usul: ' '", "flows/text/id.yaml:16: stage.usul: is empty"},
		{"list", "id.yaml", "stage.usul: DIUSULKAN", "stage.usul: [a]", "flows/text/id.yaml:16: stage.usul must be a text"},
		{"twice", "id.yaml", "stage.usul: DIUSULKAN", "stage.bank: DIUSULKAN", `flows/text/id.yaml:16: "stage.bank" stands here twice`},
		{"shape of a key", "id.yaml", "stage.usul: DIUSULKAN", "Stage..usul: DIUSULKAN", `flows/text/id.yaml:16: "Stage..usul" is no key`},
		{"language", "su.yaml", "language: su", "language: jv", `flows/text/su.yaml:2: language is "jv"`},
		{"no language", "su.yaml", "language: su\n", "", "flows/text/su.yaml:1: language: is missing"},
		{"header", "su.yaml", "draft: true", "draft: maybe", "flows/text/su.yaml:3: draft must be true or false"},
		{"unknown header", "su.yaml", "draft: true", "author: x", `flows/text/su.yaml:3: unknown key "author"`},
		{"Indonesian is complete", "id.yaml", "complete: true", "complete: false", "flows/text/id.yaml:1: id must say complete: true"},
		{"placeholder without a value", "placeholders.yaml", "means: money, longest: Rp99.999.999", "means: money", "flows/text/placeholders.yaml:4: placeholder jumlah needs either longest or one_of"},
		{"placeholder without a meaning", "placeholders.yaml", "means: money, longest: Rp99.999.999", "longest: x", "flows/text/placeholders.yaml:4: placeholder jumlah: say what it means"},
		{"placeholder from nobody", "placeholders.yaml", "from: person", "from: nobody", `flows/text/placeholders.yaml:2: from is "nobody"`},
		{"longest without id", "placeholders.yaml", "longest: Rp99.999.999", "longest: {su: x}", "flows/text/placeholders.yaml:4: longest by language needs id"},
		{"name of a placeholder", "placeholders.yaml", "jumlah:  {", "Jumlah:  {", `flows/text/placeholders.yaml:4: "Jumlah" is no name`},
	} {
		t.Run(x.name, func(t *testing.T) {
			files := map[string]string{"id.yaml": indonesian, "su.yaml": sundanese, "placeholders.yaml": placeholders}
			if strings.Count(files[x.file], x.old) != 1 {
				t.Fatalf("%s holds %q %d times", x.file, x.old, strings.Count(files[x.file], x.old))
			}
			files[x.file] = strings.Replace(files[x.file], x.old, x.by, 1)
			fsys := fstest.MapFS{}
			for name, s := range files {
				fsys[name] = &fstest.MapFile{Data: []byte(s)}
			}
			if _, err := text.Load(fsys); err == nil || !strings.Contains(err.Error(), x.want) {
				t.Errorf("got %v, want %s", err, x.want)
			}
		})
	}
	if _, err := text.Load(fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), "id.yaml: is missing\nflows/text/placeholders.yaml: is missing") {
		t.Errorf("an empty directory: %v", err)
	}
}

func TestApprovedChanges(t *testing.T) {
	c := catalogue(t)
	r := text.Route{Via: "sms"}
	args := text.Args{"jumlah": text.Rp(1000), "rentang": text.Week(monday)}
	says := func(lang, want string) {
		t.Helper()
		if got, err := c.Render("up", lang, args, r); err != nil || got.Text != want {
			t.Errorf("says %q, %v; want %q", got.Text, err, want)
		}
	}
	if err := c.Override("id", "up", "", "Dicatat {jumlah} untuk {rentang}, terima kasih."); err != nil {
		t.Fatal(err)
	}
	says("id", "Dicatat Rp1.000 untuk 1-7 Jun, terima kasih.")
	says("su", "Tos dicatet Rp1.000 kanggo 1-7 Jun.")
	if err := c.Override("id", "up", "", ""); err != nil {
		t.Fatal(err)
	}
	says("id", "Tercatat Rp1.000 untuk 1-7 Jun.")

	for _, x := range []struct{ name, lang, key, variant, text string }{
		{"unknown text", "id", "down", "", "x"},
		{"unknown language", "fr", "up", "", "x"},
		{"unknown variant", "id", "up", "telegram", "x"},
		{"a brace", "id", "up", "", "Dicatat {jumlah untuk {rentang}"},
		{"too long", "id", "up", "", strings.Repeat("Dicatat ", 18) + "{jumlah} untuk {rentang}"},
		{"not GSM-7", "id", "up", "", "Dicatat ê {jumlah} {rentang}"},
		{"a placeholder that nothing supplies", "id", "up", "", "{nama} {jumlah} {rentang}"},
		{"a placeholder lost", "su", "up", "", "Tos dicatet {jumlah}"},
		{"a reserved word", "id", "up", "", "{jumlah} {rentang} balas UNSTOP"},
	} {
		if err := c.Override(x.lang, x.key, x.variant, x.text); !errors.Is(err, text.ErrUnfit) {
			t.Errorf("%s: %v", x.name, err)
		}
	}
	says("id", "Tercatat Rp1.000 untuk 1-7 Jun.")
}

func TestChangesWhileTextsAreSaid(t *testing.T) {
	c := catalogue(t)
	args := text.Args{"jumlah": text.Rp(1000), "rentang": text.Week(monday)}
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for range 200 {
				if i == 0 {
					_ = c.Override("id", "up", "", "Dicatat {jumlah} untuk {rentang}.")
					_ = c.Override("id", "up", "", "")
				} else if _, err := c.Render("up", "id", args, text.Route{Via: "sms"}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}
