package bahasa

import (
	"strconv"
	"strings"
	"time"
)

// dateWord is one word of a text with its place, so that the rest keeps the
// writer's own letters.
type dateWord struct {
	text   string // normalised
	number int    // -1: not a number
	from   int
	to     int
}

// dateWords splits a text into words and numbers; signs between them are kept
// as words of their own where they join days or parts of a date.
func dateWords(s string) []dateWord {
	var out []dateWord
	for i := 0; i < len(s) && len(out) < 24; {
		c := s[i]
		j := i + 1
		switch {
		case isDigit(c):
			for j < len(s) && isDigit(s[j]) {
				j++
			}
			n := -1
			if j-i <= 4 {
				n, _ = strconv.Atoi(s[i:j])
			}
			out = append(out, dateWord{s[i:j], n, i, j})
		case wordRune(s[i:]):
			for j < len(s) && (wordRune(s[j:]) && !isDigit(s[j]) || s[j] == '\'' && j+1 < len(s) && wordRune(s[j+1:]) && !isDigit(s[j+1])) {
				j++ // jum'at
			}
			w := spell(Normalise(s[i:j]))
			if w == "s" && strings.HasPrefix(s[j:], "/d") || w == "s" && strings.HasPrefix(s[j:], ".d") {
				w, j = "sampai", j+2
			}
			out = append(out, dateWord{w, -1, i, j})
		case c == '-' || c == '/' || c == '.' || strings.HasPrefix(s[i:], "–"):
			if strings.HasPrefix(s[i:], "–") {
				j, c = i+len("–"), '-'
			}
			out = append(out, dateWord{string(rune(c)), -1, i, j})
		}
		i = j
	}
	return out
}

// monthOf reads a month's name or abbreviation in the three languages.
func monthOf(w string) time.Month {
	months := [...]string{"januari januwari jan", "februari pebruari feb peb", "maret mar mrt", "april apr", "mei me", "juni jun", "juli jul",
		"agustus agu ags agt aug", "september sep sept", "oktober okt oct", "november nopember nov nop", "desember des dec"}
	for i, names := range months {
		for _, n := range strings.Fields(names) {
			if w == n {
				return time.Month(i + 1)
			}
		}
	}
	return 0
}

// dayOf reads a day's name; -1 when it is none.
func dayOf(w string) time.Weekday {
	days := [...]string{"minggu ahad akad ngahad", "senin senen sen", "selasa salasa sel", "rabu rebo rab", "kamis kemis kam", "jumat jum'at jumaah jumuah jemuah jemuwah jum", "sabtu saptu setu sab"}
	for i, names := range days {
		for _, n := range strings.Fields(names) {
			if w == n {
				return time.Weekday(i)
			}
		}
	}
	return -1
}

// nextWeek are the words that put a day into the coming week: kamis depan.
func nextWeek(w string) bool {
	switch w {
	case "depan", "ngarep", "hareup", "ngajeng", "payun", "mendatang", "ngarepe":
		return true
	}
	return false
}
