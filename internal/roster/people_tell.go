package roster

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Text keys and places that an import opens.
const (
	textInvite       = "invite.first"
	textInviteVacant = "invite.first_vacant" // nobody has the kecamatan just now
	textConfirm      = "number.confirm"
	opensInvite      = "invite#asked"
	opensConfirm     = "number#confirm"
)

// tell queues the invitations of new people and the questions about changed numbers.
func (f *people) tell(ctx context.Context, tx Tx, keep []PersonRow, ids []int64) error {
	var kecamatan []string
	for _, p := range keep {
		if p.Invited {
			kecamatan = append(kecamatan, p.Area)
		}
	}
	tksk := map[string]string{}
	if len(kecamatan) > 0 {
		var err error
		if tksk, err = tx.TKSKOf(ctx, kecamatan); err != nil {
			return err
		}
	}
	var msgs []prokus.Message
	for i, p := range keep {
		switch {
		case p.Invited:
			msgs = append(msgs, f.invitation(p, ids[i], tksk[p.Area]))
		case p.Phone != "" && p.PhoneState == prokus.AddressPending && !p.Silent:
			msgs = append(msgs, f.confirmation(p, ids[i]))
		}
	}
	if len(msgs) == 0 {
		return nil
	}
	if _, err := tx.Enqueue(ctx, f.o.Now, msgs...); err != nil {
		return fmt.Errorf("import people: %w", err)
	}
	return nil
}

// invitation is J1-SMS-01. It may go in quiet hours as little as anything else that nobody asked for.
func (f *people) invitation(p PersonRow, id int64, tksk string) prokus.Message {
	m := prokus.Message{
		Key: fmt.Sprintf("invite:%d:1", id), Person: id, Kind: prokus.KindInvitation, Text: textInvite, Lang: p.Lang, Opens: opensInvite,
		NotBefore: prokus.AfterQuiet(f.o.Now.In(prokus.Zone(p.Zone))),
	}
	args := personArgs(p, tksk)
	if tksk == "" {
		m.Text = textInviteVacant
		delete(args, "tksk")
	}
	m.Args = encode(args)
	return m
}

// confirmation asks at the number that is hers whether the new one is hers too. It names the new one by its end only.
func (f *people) confirmation(p PersonRow, id int64) prokus.Message {
	args := personArgs(p, "")
	delete(args, "tksk")
	args["akhirhp"] = strings.TrimPrefix(p.Phone.Tail(), "...")
	vars, err := json.Marshal(map[string]string{"phone": string(p.Phone)})
	if err != nil {
		panic(err) // a map of strings
	}
	return prokus.Message{
		Key: fmt.Sprintf("number:%d:%s", id, p.Phone[len(p.Phone)-4:]), Person: id, Kind: prokus.KindNotice, Text: textConfirm, Lang: p.Lang,
		Args: encode(args), Opens: opensConfirm, OpensVars: vars, NotBefore: prokus.AfterQuiet(f.o.Now.In(prokus.Zone(p.Zone))),
	}
}

// personArgs are the arguments that every text about a person may use.
func personArgs(p PersonRow, tksk string) map[string]any {
	person := prokus.Person{Name: p.Name, Salutation: p.Salutation}
	ibu := "Ibu"
	if person.Title() == "Pak" || person.Title() == "Mas" {
		ibu = "Bapak"
	}
	return map[string]any{"sapaan": person.Title(), "nama": map[string]string{"name": person.First()}, "tksk": tksk, "ibu": ibu}
}

func encode(args map[string]any) json.RawMessage {
	b, err := json.Marshal(args)
	if err != nil {
		panic(err) // maps of strings and numbers
	}
	return b
}

func grouped(n int) string { return bahasa.Number(int64(n)) }
