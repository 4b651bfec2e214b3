package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/kabar-prokus/kabar/internal/bahasa"
)

type loginCmd struct {
	dataFlag
	Who string `arg:"" help:"E-mail address, phone number or name of the member of staff."`
}

// Run prints a one-time link with which a member of staff opens the console. It is good for a day and for one use.
func (c *loginCmd) Run(o *outside) error {
	db, err := openDatabase(o.ctx, o, c.Data, 2)
	if err != nil {
		return err
	}
	defer db.close()
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
	base := strings.TrimSuffix(o.getenv("KABAR_PUBLIC_URL"), "/")
	if base == "" {
		base = "http://127.0.0.1:8080"
		if b, err := os.ReadFile(addressFile(c.Data)); err == nil { // where the demo of this data answers
			base = "http://" + string(b)
		}
	}
	fmt.Fprintf(o.out, "%s: %s/masuk/%s\n", found[0].Called(), base, token)
	return nil
}

// addressFile is where a demo notes the address at which it answers, for commands that join it.
func addressFile(dir string) string { return filepath.Join(dir, "address") }
