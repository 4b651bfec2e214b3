package prokus

import (
	"slices"
	"time"
)

// Settings are all rules that may be changed, in the order in which a page lists them; nobody changes the list itself. The keys
// are kept in the database and never change their meaning.
func Settings() []Setting { return table }

var (
	table = settings()
	byKey = func() map[string]Setting {
		m := map[string]Setting{}
		for _, s := range table {
			m[s.Key] = s
		}
		return m
	}()
)

func settings() []Setting {
	var all []Setting
	timing := func(key, cron string, late int64, from, to int64, of func(*Rules) *Timing, days ...time.Weekday) {
		all = append(all,
			Setting{Key: key + ".at", Kind: Cadence, Default: cron, Min: from, Max: to, Days: days, Local: true, set: func(r *Rules, v value) { of(r).Cron = v.text }},
			Setting{Key: key + ".late", Kind: Number, Default: num(late), Min: 1, Max: 72, set: func(r *Rules, v value) { of(r).Late = time.Duration(v.n) * time.Hour }})
	}
	sundays := []time.Weekday{time.Friday, time.Saturday, time.Sunday}
	timing("week.prompt", "30 18 * * 0", 24, 6*60, 20*60, func(r *Rules) *Timing { return &r.Prompt }, sundays...)
	timing("week.remind1", "30 12 * * 1", 24, 6*60, 20*60, func(r *Rules) *Timing { return &r.Remind1 }, time.Monday, time.Tuesday)
	timing("week.remind2", "0 17 * * 2", 7, 6*60, 20*60, func(r *Rules) *Timing { return &r.Remind2 }, time.Monday, time.Tuesday)
	timing("digest", "30 7 * * *", 10, 6*60, 12*60, func(r *Rules) *Timing { return &r.Digest })
	timing("office.weekly", "0 8 * * 3", 36, 6*60, 17*60, func(r *Rules) *Timing { return &r.Office }, time.Wednesday, time.Thursday, time.Friday) // the week is closed
	timing("invite.second", "30 12 * * *", 24, 6*60, 20*60, func(r *Rules) *Timing { return &r.Invite2 })
	timing("mentoring.eve", "30 16 * * *", 14, 10*60, 20*60, func(r *Rules) *Timing { return &r.Eve })
	timing("mentoring.morning", "15 7 * * *", 12, 6*60, 10*60, func(r *Rules) *Timing { return &r.Morning })

	add := func(s Setting) { all = append(all, s) }
	clock := func(key, def string, from, to int64, set func(*Rules, int)) {
		add(Setting{Key: key, Kind: Clock, Default: def, Min: from, Max: to, Local: true, set: func(r *Rules, v value) { set(r, int(v.n)) }})
	}
	clock("quiet.from", "20:00", 17*60, 22*60, func(r *Rules, m int) { r.QuietFrom = m })
	clock("quiet.to", "07:00", 5*60, 10*60, func(r *Rules, m int) { r.QuietTo = m })
	add(Setting{Key: "quiet.maghrib", Kind: Number, Default: "15", Max: 90, Local: true, set: func(r *Rules, v value) { r.Maghrib = time.Duration(v.n) * time.Minute }})
	toggle := func(key, def string, set func(*Rules, bool)) {
		add(Setting{Key: key, Kind: Switch, Default: def, Local: true, set: func(r *Rules, v value) { set(r, v.on) }})
	}
	toggle("quiet.friday", "tidak", func(r *Rules, on bool) { r.Friday = on })
	toggle("ramadan.kept", "ya", func(r *Rules, on bool) { r.Ramadan = on })
	add(Setting{Key: "ramadan.prompt.at", Kind: Cadence, Default: "30 16 * * 0", Min: 6 * 60, Max: 20 * 60, Days: sundays, Local: true,
		set: func(r *Rules, v value) { r.RamadanPrompt = v.text }})
	add(Setting{Key: "ramadan.remind2.at", Kind: Cadence, Default: "30 16 * * 2", Min: 6 * 60, Max: 20 * 60, Days: []time.Weekday{time.Monday, time.Tuesday}, Local: true,
		set: func(r *Rules, v value) { r.RamadanRemind2 = v.text }})
	clock("ramadan.from", "09:00", 5*60, 12*60, func(r *Rules, m int) { r.RamadanFrom = m })
	clock("ramadan.to", "16:30", 13*60, 20*60, func(r *Rules, m int) { r.RamadanTo = m })

	number := func(key string, def, from, to int64, local bool, set func(*Rules, int64)) {
		add(Setting{Key: key, Kind: Number, Default: num(def), Min: from, Max: to, Local: local, set: func(r *Rules, v value) { set(r, v.n) }})
	}
	number("cap.extras", CapExtras, 0, 7, true, func(r *Rules, n int64) { r.CapExtras = int(n) })
	number("cap.all", CapAll, 3, 21, true, func(r *Rules, n int64) { r.CapAll = int(n) })
	number("report.times_above", 5, 2, 50, true, func(r *Rules, n int64) { r.TimesAbove = n })
	number("report.times_below", 5, 2, 50, true, func(r *Rules, n int64) { r.TimesBelow = n })
	rupiah := func(key string, def, from, to int64, set func(*Rules, int64)) {
		add(Setting{Key: key, Kind: Rupiah, Default: num(def), Min: from, Max: to, Local: true, set: func(r *Rules, v value) { set(r, v.n) }})
	}
	rupiah("report.above", AskAbove, 1_000_000, MaxReport, func(r *Rules, n int64) { r.AskAbove = n })
	rupiah("report.below", AskBelow, 1, 500_000, func(r *Rules, n int64) { r.AskBelow = n })

	number("case.DIAM2.weeks", 2, 1, 8, true, func(r *Rules, n int64) { r.SilentWeeks = int(n) })
	number("case.NOL2.weeks", 2, 1, 5, true, func(r *Rules, n int64) { r.ZeroWeeks = int(n) })
	number("case.TURUN.percent", 60, 10, 95, true, func(r *Rules, n int64) { r.FallenTo = int(n) })
	number("case.TURUN.recovered", 80, 20, 100, true, func(r *Rules, n int64) { r.Recovered = int(n) })
	number("case.BELUM_MULAI.days", 10, 4, 60, false, func(r *Rules, n int64) { r.InvitedDays = int(n) })
	number("case.MANGKIR.sessions", 2, 1, 6, false, func(r *Rules, n int64) { r.NoShows = int(n) })
	number("case.NOMOR_MATI.days", 60, 14, 180, false, func(r *Rules, n int64) { r.DeadDays = int(n) })
	number("case.NOMOR_MATI.refusals", 3, 1, 10, false, func(r *Rules, n int64) { r.DeadRefusals = int(n) })
	number("case.LPJ.days", 30, 7, 180, false, func(r *Rules, n int64) { r.ReceiptDays = int(n) })
	number("case.LPJ.percent", 90, 50, 100, false, func(r *Rules, n int64) { r.ReceiptPercent = int(n) })

	number("case.promise", 2, 1, 10, true, func(r *Rules, n int64) { r.PromiseDays = int(n) })
	number("case.ministry", 10, 3, 40, false, func(r *Rules, n int64) { r.MinistryDays = int(n) })
	number("case.answer", 48, 12, 168, false, func(r *Rules, n int64) { r.AnswerTime = time.Duration(n) * time.Hour })
	return append(all, caseSettings()...)
}

// caseSettings are the table of journeys.md 4.7: for each reason its priority, and for those that a TKSK handles the working
// days until the reminder and until the coordinator gets it.
func caseSettings() (all []Setting) {
	for _, reason := range AllReasons() {
		def := CaseRuleFor(reason)
		change := func(set func(*CaseRule, value)) func(*Rules, value) {
			return func(r *Rules, v value) {
				c, ok := r.Cases[reason]
				if !ok {
					c = def
				}
				set(&c, v)
				r.Cases[reason] = c
			}
		}
		number := func(what string, def, from, to int, set func(*CaseRule, int)) {
			all = append(all, Setting{Key: caseKey(reason, what), Kind: Number, Default: num(int64(def)), Min: int64(from), Max: int64(to), Local: true,
				set: change(func(c *CaseRule, v value) { set(c, int(v.n)) })})
		}
		number("priority", def.Priority, 1, 150, func(c *CaseRule, n int) { c.Priority = n })
		if !def.ToDistrict {
			number("remind", def.RemindDays, 1, 20, func(c *CaseRule, n int) { c.RemindDays = n })
			number("escalate", def.EscalateDays, 2, 30, func(c *CaseRule, n int) { c.EscalateDays = n })
		}
		if SelfClosing(reason) {
			all = append(all, Setting{Key: caseKey(reason, "closes"), Kind: Switch, Default: "ya", Local: false,
				set: change(func(c *CaseRule, v value) { c.Stays = !v.on })})
		}
	}
	return all
}

func caseKey(r Reason, what string) string { return "case." + string(r) + "." + what }

// AllReasons are the reasons of cases, the most urgent first.
func AllReasons() []Reason {
	return []Reason{Visit, Deduction, Violence, Disaster, EraseData, Sick, OutOfMoney, OtherHelp, TwoZeros, Disputed, Locked, Falling, CheckData,
		Silent, DeadNumber, WrongNumber, NeverBegan, NoShow, HelpJoin, HelpReport, NoReceipts, Stuck}
}

// clockedReasons are those that a TKSK handles under a clock.
func clockedReasons() []Reason {
	return slices.DeleteFunc(AllReasons(), func(r Reason) bool { return CaseRuleFor(r).ToDistrict })
}

// SelfClosing says whether a case of a reason ends by itself when its cause is gone.
func SelfClosing(r Reason) bool {
	return slices.Contains([]Reason{TwoZeros, Falling, Silent, NeverBegan, NoShow, DeadNumber, NoReceipts, Stuck}, r)
}

// SettingByKey finds a setting.
func SettingByKey(key string) (Setting, bool) {
	s, ok := byKey[key]
	return s, ok
}
