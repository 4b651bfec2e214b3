package acts

import (
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Waiting is a broadcast that was submitted, in figures.
type Waiting struct {
	Broadcast        int64
	Name             string
	People, Segments int
	Cost             int64     // rupiah
	SendAt           time.Time // zero: as soon as it is approved
}

// AskApproval is what those who may approve a broadcast are told, in the short form of J9-TG-01; to whom is left open.
func AskApproval(by prokus.Staff, w Waiting) prokus.Message {
	m := prokus.Message{Kind: prokus.KindNotice, Lang: prokus.ID, Text: "approval.waiting_now", Buttons: fmt.Appendf(nil, `{"review": %d}`, w.Broadcast)}
	a := args{"siaran": quote(w.Name), "petugas": name(by.Called()), "n": w.People, "x": w.Segments, "jumlah": rp(w.Cost)}
	if !w.SendAt.IsZero() {
		at := w.SendAt.In(by.Location())
		m.Text = "approval.waiting"
		a.with(args{"tgl": date(at), "jam": clock(at)})
	}
	m.Args = a.json()
	return m
}
