package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/internal/config"
	"github.com/kabar-prokus/kabar/internal/roster"
)

type importCmd struct {
	dataFlag
	List   string `arg:"" enum:"people,staff,grants,sessions" help:"people, staff, grants or sessions."`
	File   string `arg:"" help:"A CSV or XLSX file."`
	Area   string `help:"Code of the kabupaten (or kecamatan) that the list is about, such as 32.10."`
	Invite bool   `help:"Send new people the invitation."`
	DryRun bool   `help:"Judge every row, save nothing."`
	Strict bool   `help:"Save nothing if any row is faulty."`
	JSON   bool   `help:"Print the result as JSON."`
}

// Exit codes of an import (interfaces): all saved, nothing saved, saved with faulty rows listed.
const (
	exitNothing = exit(1)
	exitFaulty  = exit(3)
)

// Run imports a list by the same rules as the console.
func (c *importCmd) Run(o *outside) error {
	err := c.run(o)
	var code exit
	if err != nil && c.JSON && !errors.As(err, &code) { // whoever reads JSON gets JSON, whatever went wrong
		nothing := roster.Result{Errors: []roster.RowError{{Problem: err.Error()}}}
		if json.NewEncoder(o.out).Encode(nothing) == nil {
			return exitNothing
		}
	}
	return err
}

func (c *importCmd) run(o *outside) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	t, err := roster.Read(f, filepath.Base(c.File))
	if err != nil {
		return err
	}
	db, err := openDatabase(o.ctx, o, c.Data, 4)
	if err != nil {
		return err
	}
	defer db.close()
	clock, err := db.clock(o.ctx, o)
	if err != nil {
		return err
	}
	var key []byte
	if c.List == "people" { // the only list with NIK
		cfg, err := config.Load(o.getenv)
		if err != nil {
			return fmt.Errorf("configuration:\n%w", err)
		}
		if key, err = keyOf(cfg, "KABAR_NIK_KEY", cfg.NIKKey, c.Data, nikKeyFile); err != nil {
			return err
		}
	}
	do := map[string]func(context.Context, roster.Store, *roster.Table, roster.Options) (roster.Result, error){
		"people": roster.ImportPeople, "staff": roster.ImportStaff, "grants": roster.ImportGrants, "sessions": roster.ImportSessions,
	}[c.List]
	res, err := do(o.ctx, db, t, roster.Options{
		Area: c.Area, Invite: c.Invite, DryRun: c.DryRun, Strict: c.Strict, Now: clock.Now(), NIKKey: key,
	})
	if err != nil {
		return err
	}
	return c.tell(o, res)
}

// tell prints what became of the rows and chooses the exit code.
func (c *importCmd) tell(o *outside, res roster.Result) error {
	if c.JSON {
		if res.Errors == nil {
			res.Errors = []roster.RowError{}
		}
		if err := json.NewEncoder(o.out).Encode(res); err != nil {
			return err
		}
	} else {
		for _, r := range res.Rows {
			for _, e := range r.Problems {
				fmt.Fprintf(o.out, "baris %d: %s\n", r.Row, e.Problem)
			}
			for _, w := range r.Warnings {
				fmt.Fprintf(o.out, "baris %d: %s\n", r.Row, w)
			}
			for _, w := range r.Fixes {
				fmt.Fprintf(o.out, "baris %d: %s\n", r.Row, w)
			}
		}
		fmt.Fprintf(o.out, "%d baru, %d berubah, %d tidak berubah, %d salah\n", res.New, res.Changed, res.Unchanged, res.Faulty())
		if c.DryRun {
			fmt.Fprintln(o.out, "(percobaan: tidak ada yang disimpan)")
		}
	}
	good := res.New + res.Changed + res.Unchanged
	switch {
	case len(res.Errors) == 0:
		return nil
	case c.Strict || good == 0:
		return exitNothing
	}
	return exitFaulty
}

type exportCmd struct {
	dataFlag
	List string `arg:"" enum:"people,reports,messages,cases" help:"people, reports, messages or cases."`
	CSV  bool   `help:"CSV (the default)." xor:"form"`
	XLSX bool   `help:"A spreadsheet." xor:"form"`
	From string `help:"From this day, 2026-06-01."`
	To   string `help:"Up to and including this day."`
}

// Run streams a list to standard output.
func (c *exportCmd) Run(o *outside) error {
	opt := roster.ExportOptions{XLSX: c.XLSX}
	var err1, err2 error
	opt.From, err1 = day(c.From)
	opt.To, err2 = day(c.To)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if !opt.To.IsZero() && opt.To.Before(opt.From) {
		return fmt.Errorf("--to %s is before --from %s", c.To, c.From)
	}
	db, err := openDatabase(o.ctx, o, c.Data, 2)
	if err != nil {
		return err
	}
	defer db.close()
	clock, err := db.clock(o.ctx, o)
	if err != nil {
		return err
	}
	opt.Now = clock.Now()
	_, err = roster.Export(o.ctx, db, c.List, opt, o.out)
	return err
}

func day(s string) (time.Time, error) {
	if s = strings.TrimSpace(s); s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return t, fmt.Errorf("%q is not a day such as 2026-06-01", s)
	}
	return t, nil
}
