package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/chat"
	"github.com/kabar-prokus/kabar/internal/config"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

type parseCmd struct {
	What string `arg:"" enum:"amount,intent,phone" help:"amount, intent or phone."`
}

// Run reads lines and prints each with its reading.
func (c *parseCmd) Run(o *outside) error {
	read := map[string]func(string) string{"amount": readAmount, "intent": readIntent, "phone": readPhone}[c.What]
	in := bufio.NewReader(o.in)
	out := bufio.NewWriter(o.out)
	defer out.Flush()
	for {
		line, err := in.ReadString('\n')
		if err != nil && err != io.EOF {
			return fmt.Errorf("read lines: %w", err)
		}
		if line == "" && err != nil {
			return nil
		}
		line = strings.TrimRight(line, "\r\n")
		fmt.Fprintf(out, "%s\t%s\n", line, read(line))
		if err != nil {
			return nil
		}
	}
}

func readAmount(s string) string {
	a := bahasa.ReadAmount(s)
	if a.Verdict == bahasa.Value {
		return strconv.FormatInt(a.Rupiah, 10)
	}
	return a.Verdict.String()
}

func readIntent(s string) string { return string(bahasa.ReadIntent(s).Intent) }

func readPhone(s string) string {
	p, v := bahasa.ReadPhone(s)
	if v == bahasa.Value {
		return p
	}
	return v.String()
}

type dueCmd struct {
	dataFlag
	Days int    `help:"How many days ahead. Beyond 31 the moments of the rules are listed, without people." default:"7"`
	Area string `help:"Only the people of an area, by its Kemendagri code." placeholder:"CODE"`
	JSON bool   `help:"Print JSON."`
}

// Run lists what would go out, in a transaction that is undone.
func (c *dueCmd) Run(o *outside) error {
	if c.Days < 0 {
		return errors.New("--days counts forward: 0 or more")
	}
	db, err := openDatabase(o.ctx, o, c.Data, 4)
	if err != nil {
		return err
	}
	defer db.close()
	cfg, err := config.Load(o.getenv)
	if err != nil {
		return fmt.Errorf("configuration:\n%w", err)
	}
	p, err := assemble(o.ctx, o, cfg, db, true, nil)
	if err != nil {
		return err
	}
	if c.Days > rehearsedDays {
		return c.calendar(o, p)
	}
	plan, err := p.sched.Outlook(o.ctx, p.clock.Now(), c.Days, c.Area)
	if err != nil {
		return err
	}
	if c.JSON {
		if plan.Summed {
			return fmt.Errorf("due: %w (--area CODE), or see the sums without --json", scheduler.ErrTooMany)
		}
		items := plan.Messages
		if items == nil {
			items = []prokus.Due{}
		}
		return json.NewEncoder(o.out).Encode(items)
	}
	if plan.Summed {
		printSums(o.out, plan.Counts, c.Days)
		return nil
	}
	for _, i := range plan.Messages {
		fmt.Fprintf(o.out, "%s  %-10s %-24s %-22s %s\n", i.At.Format("2006-01-02 15:04 MST"), i.Kind, i.To+" "+i.Code, i.Rule, i.Text)
	}
	fmt.Fprintf(o.out, "%d messages in %d days\n", len(plan.Messages), c.Days)
	return nil
}

// printSums prints what leaves by hour, rule and road, and then by province.
func printSums(out io.Writer, all []prokus.DueCount, days int) {
	provinces := slices.Clone(all)
	for i := range all {
		provinces[i].Area, all[i].Area = provinces[i].Area[:min(len(provinces[i].Area), 2)], ""
		provinces[i].At, provinces[i].Kind, provinces[i].Rule, provinces[i].Via = time.Time{}, "", "", ""
	}
	n, cost := 0, int64(0)
	for _, d := range prokus.SumDue(all) {
		n, cost = n+d.N, cost+d.Cost
		fmt.Fprintf(out, "%s  %-10s %-18s %-9s %10d  %s\n", d.At.Format("2006-01-02 15 MST"), d.Kind, d.Rule, d.Via, d.N, bahasa.Money(d.Cost, bahasa.Full))
	}
	for _, d := range prokus.SumDue(provinces) {
		fmt.Fprintf(out, "%-51s %10d  %s\n", "area "+d.Area, d.N, bahasa.Money(d.Cost, bahasa.Full))
	}
	fmt.Fprintf(out, "%d messages in %d days, %s; too many people to name them: --area CODE\n", n, days, bahasa.Money(cost, bahasa.Full))
}

// rehearsedDays is how far ahead people are looked at; further on nobody knows who they will be.
const rehearsedDays = 31

// calendar lists when the rules fall due: a year takes a moment, because it looks at nobody.
func (c *dueCmd) calendar(o *outside, p *program) error {
	now := p.clock.Now()
	slots, err := p.sched.Calendar(o.ctx, now, now.AddDate(0, 0, c.Days))
	if err != nil {
		return err
	}
	if c.JSON {
		if slots == nil {
			slots = []scheduler.Slot{}
		}
		return json.NewEncoder(o.out).Encode(slots)
	}
	type line struct{ rule, zone, area string }
	var order []line
	times := map[line][]time.Time{}
	for _, s := range slots {
		l := line{s.Rule, s.Zone, s.Area}
		if times[l] == nil {
			order = append(order, l)
		}
		times[l] = append(times[l], s.At)
	}
	for _, l := range order {
		at := times[l]
		fmt.Fprintf(o.out, "%-18s %-14s %-6s %4d times, first %s, last %s\n", l.rule, l.zone, l.area, len(at), at[0].Format("2006-01-02 15:04"), at[len(at)-1].Format("2006-01-02 15:04"))
	}
	fmt.Fprintf(o.out, "%d moments of rules in %d days\n", len(slots), c.Days)
	return nil
}

type chatCmd struct {
	dataFlag
	As      string `required:"" help:"The number that writes."`
	Channel string `enum:"sms,ussd,telegram" default:"sms" help:"sms, ussd or telegram."`
}

// Run is a phone in the terminal.
func (c *chatCmd) Run(o *outside) error {
	server := cmp.Or(strings.TrimSuffix(o.getenv("KABAR_URL"), "/"), demoURL(c.Data))
	return chat.Run(o.ctx, chat.Options{
		Server: server, As: c.As, Channel: c.Channel, In: o.in, Out: o.out, Colour: term.IsTerminal(int(os.Stdout.Fd())) && o.getenv("NO_COLOR") == "",
	})
}
