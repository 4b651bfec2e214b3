package bot

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Doors are what a TKSK hands out so that somebody comes in by the right door: a link to the chat, and their word that a
// number is still hers.
type Doors interface {
	// NewLink makes a one-time link to the chat for a person, or a member of staff (the other is 0), and ends those before it.
	NewLink(ctx context.Context, person, staff int64, now time.Time) (token string, err error)
	// InDoubt says whether her number has still to prove whose it is.
	InDoubt(ctx context.Context, person int64, number string, now time.Time) (bool, error)
	// VouchNumber keeps that somebody who knows says it is hers.
	VouchNumber(ctx context.Context, person int64, number string, now time.Time) error
}

func doorVerbs() []verb {
	gives := []string{"kode", "penerima", "petugas", "koordinator", "tautan", "akunbot"}
	return []verb{
		{flows.Verb{Name: "door.link", Outcomes: []string{"link", "by_hand", "off", "wrong_code", "not_yours"}, Gives: gives}, doorLink},
		{flows.Verb{Name: "door.number", Outcomes: []string{"ask", "sure", "no_phone", "wrong_code", "not_yours"}, Gives: append([]string{"hp", "code"}, gives...)}, doorNumber},
		{flows.Verb{Name: "door.vouch", Outcomes: []string{"kept", "no_phone", "wrong_code", "not_yours"}, Gives: append([]string{"hp"}, gives...)}, doorVouch},
	}
}

// TelegramLink is the address of a one-time link to the chat (J1-TG-01).
func TelegramLink(bot, token string) string { return "https://t.me/" + bot + "?start=" + token }

// doorLink makes a link to hand over: in a chat, where it can be passed on or printed. An SMS says how to come in with the
// code alone; links in SMS are what frauds send.
func doorLink(t *turn, v flows.Vars) (flows.Outcome, error) {
	p, name, vars, err := t.charge(v)
	if name != "" || err != nil {
		return flows.Outcome{Name: name, Vars: vars}, err
	}
	account := ""
	if t.Telegram != nil {
		account = t.Telegram()
	}
	if account == "" {
		return outcome("off", vars)
	}
	vars["akunbot"] = text.Str(account)
	if t.in.Via != channels.Telegram {
		return outcome("by_hand", vars)
	}
	token, err := t.NewLink(t.ctx, p.ID, 0, t.now)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("door: %w", err)
	}
	vars["tautan"] = text.Str(TelegramLink(account, token))
	return outcome("link", vars)
}

// chargeByPhone is charge with her number; without one name is "no_phone".
func (t *turn) chargeByPhone(v flows.Vars) (p prokus.Person, phone prokus.Phone, name string, vars flows.Vars, err error) {
	p, name, vars, err = t.charge(v)
	if name != "" || err != nil {
		return p, "", name, vars, err
	}
	phone, err = t.PhoneOf(t.ctx, p.ID)
	if err != nil {
		return p, "", "", nil, fmt.Errorf("door: %w", err)
	}
	if phone == "" {
		name = "no_phone"
	}
	return p, phone, name, vars, nil
}

// doorNumber asks whether her number is still hers, when it was silent for so long that it may have been sold (faults.md H1).
func doorNumber(t *turn, v flows.Vars) (flows.Outcome, error) {
	p, phone, name, vars, err := t.chargeByPhone(v)
	if name != "" || err != nil {
		return flows.Outcome{Name: name, Vars: vars}, err
	}
	vars["hp"], vars["code"] = text.Str(phone.Local()), p.Code
	doubt, err := t.InDoubt(t.ctx, p.ID, string(phone), t.now)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("door: %w", err)
	}
	if !doubt {
		return outcome("sure", vars)
	}
	return outcome("ask", vars)
}

// doorVouch is the TKSK's YA. The code is judged again: areas may have changed since the question.
func doorVouch(t *turn, v flows.Vars) (flows.Outcome, error) {
	p, phone, name, vars, err := t.chargeByPhone(v)
	if name != "" || err != nil {
		return flows.Outcome{Name: name, Vars: vars}, err
	}
	if err := t.VouchNumber(t.ctx, p.ID, string(phone), t.now); err != nil {
		return flows.Outcome{}, fmt.Errorf("door: %w", err)
	}
	t.Log.InfoContext(t.ctx, "a TKSK vouched for a number", "number", prokus.Phone(phone))
	vars["hp"] = text.Str(phone.Local())
	return outcome("kept", vars)
}
