package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/config"
)

type loginCmd struct {
	dataFlag
	Who string `arg:"" help:"E-mail address, phone number or name of the member of staff."`
}

// Run prints a one-time link with which a member of staff opens the console. It is good for a day and for one use.
func (c *loginCmd) Run(o *outside) error {
	cfg, err := config.Load(o.getenv)
	if err != nil {
		return fmt.Errorf("configuration:\n%w", err)
	}
	secret, err := keyOf(cfg, "KABAR_SECRET", cfg.Secret, c.Data, secretKeyFile)
	if err != nil {
		return err
	}
	db, err := openDatabase(o.ctx, o, c.Data, 2)
	if err != nil {
		return err
	}
	defer db.close()
	db.Seal(secret)
	who := strings.TrimSpace(c.Who)
	if p, v := bahasa.ReadPhone(who); v == bahasa.Value {
		who = p
	}
	found, err := db.FindStaff(o.ctx, who)
	if err != nil {
		return err
	}
	switch len(found) {
	case 0:
		return fmt.Errorf("nobody on the staff list is %q", c.Who)
	case 1:
	default:
		for _, s := range found {
			fmt.Fprintf(o.err, "  %s (%s, %s) %s\n", s.Name, s.Role, s.Institution, s.Email)
		}
		return fmt.Errorf("%q means %d people: give the e-mail address or the phone number", c.Who, len(found))
	}
	token, err := db.Console().NewLoginLink(o.ctx, found[0].ID, o.now())
	if err != nil {
		return err
	}
	base := cmp.Or(strings.TrimSuffix(cfg.PublicURL, "/"), demoURL(c.Data))
	fmt.Fprintf(o.out, "%s: %s/masuk/%s\n", found[0].Called(), base, token)
	return nil
}
