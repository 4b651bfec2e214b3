package acts

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// urgentActs are the buttons below an urgent message, as letters of the worklist.
var urgentActs = json.RawMessage(`["h","k","t","e"]`)

// tellUrgent sends the one-case message that does not wait for the digest (J7-SMS-02). It takes the next free number of the
// day on which it is read, so that H1 answers it.
func tellUrgent(ctx context.Context, s Store, by By, p prokus.Person, c prokus.Case, to prokus.Staff) error {
	at := prokus.AfterQuiet(by.Now.In(to.Location()))
	a, text, err := urgentWords(ctx, s, p, c)
	if err != nil {
		return fmt.Errorf("tell urgent: %w", err)
	}
	m := prokus.Message{
		Key: fmt.Sprintf("urgent:%d", c.ID), Staff: to.ID, Kind: prokus.KindAlert, Lang: to.Lang, Cause: by.Inbox, Case: c.ID, NotBefore: at,
	}
	if to.Role == prokus.Coordinator { // the post is vacant, and a coordinator has no worklist by message
		text += "_vacant"
	} else {
		n, err := s.NumberCase(ctx, to.ID, c.ID, at)
		if err != nil {
			return fmt.Errorf("tell urgent: %w", err)
		}
		a["nomor"] = fmt.Sprint(n)
		m.Buttons = args{"case": c.ID, "acts": urgentActs}.json()
	}
	m.Text, m.Args = text, a.json()
	if _, err := s.Enqueue(ctx, by.Now, m); err != nil {
		return fmt.Errorf("tell urgent: %w", err)
	}
	return nil
}

// urgentWords are what an urgent message says of her, and which text says it: with a number to call or without.
func urgentWords(ctx context.Context, s Store, p prokus.Person, c prokus.Case) (args, string, error) {
	a := args{
		"lengkap": bahasa.FitName(p.Name, 20), "kode": p.Code, "desa": bahasa.FitName(p.Village, 14),
		"kasus": key("case.urgent."+strings.ToLower(string(c.Reason)), nil),
	}
	if c.Note != "" && !c.Confidential { // her own words say more: "rumah kebanjiran"
		a["kasus"] = quote(c.Note)
	}
	phone, err := s.PhoneOf(ctx, p.ID)
	if err != nil || phone == "" {
		return a, "case.urgent_no_phone", err
	}
	a["hp"] = phone.Local()
	return a, "case.urgent", nil
}

// tellDistrict tells the coordinator of a disaster too, whoever owns the case (J6-SMS-03).
func tellDistrict(ctx context.Context, s Store, by By, p prokus.Person, c prokus.Case, owner prokus.Staff) error {
	if c.Reason != prokus.Disaster || owner.Role == prokus.Coordinator {
		return nil
	}
	to, ok, err := s.CoordinatorFor(ctx, p.Area)
	if err != nil || !ok {
		return err
	}
	a, _, err := urgentWords(ctx, s, p, c)
	if err != nil {
		return fmt.Errorf("tell the district: %w", err)
	}
	delete(a, "hp")
	a["petugas"] = owner.Called()
	_, err = s.Enqueue(ctx, by.Now, prokus.Message{
		Key: fmt.Sprintf("urgent:%d:district", c.ID), Staff: to.ID, Kind: prokus.KindAlert, Lang: to.Lang, Text: "case.urgent_district",
		Args: a.json(), Cause: by.Inbox, Case: c.ID, NotBefore: prokus.AfterQuiet(by.Now.In(to.Location())),
	})
	if err != nil {
		return fmt.Errorf("tell the district: %w", err)
	}
	return nil
}
