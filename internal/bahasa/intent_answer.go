package bahasa

import "strings"

// ReadYesNo reads an answer to a yes/no question; ok is false when it is neither.
// "Tidak apa-apa" denies nothing and counts as yes; 1 and 2 are YA and TIDAK.
func ReadYesNo(s string) (yes bool, ok bool) {
	text := Normalise(s)
	switch strings.Trim(text, " .!)") {
	case "1":
		return true, true
	case "2":
		return false, true
	case "salah", "keliru", "klentu", "lepat", "bukan", "dudu", "sanes", "lain", "belum":
		return false, true
	}
	if strings.ContainsAny(s, "👍👌✅✔") && len(splitWords(text)) == 0 {
		return true, true
	}
	switch r := ReadIntent(s); {
	case !r.Sure:
		return false, false
	case r.Intent == Yes, r.Intent == NotNo:
		return true, true
	case r.Intent == No:
		ws := splitWords(text)
		return false, len(ws) < 2 || spell(ws[0]) != "ya" // "ya tidak" is no answer
	}
	return false, false
}

// ReadChoice reads an answer to a choice of 1..n: its digit, or one of its labels
// (labels[i] are the words for option i+1) in any known spelling, with politeness
// around it. A 0 is returned as option 0; the caller knows whether it is offered.
func ReadChoice(s string, n int, labels [][]string) (option int, ok bool) {
	ws := choiceWords(s)
	if len(ws) == 0 {
		return 0, false
	}
	label := func(ws []string) (int, bool) {
		key := strings.Join(ws, " ")
		for i, names := range labels {
			for _, name := range names {
				if i < n && key != "" && key == strings.Join(choiceWords(name), " ") {
					return i + 1, true
				}
			}
		}
		return 0, false
	}
	if d, isDigit := choiceDigit(ws[0]); isDigit && d <= n {
		if len(ws) == 1 {
			return d, true
		}
		// "1 sakit": digit and label must agree
		if l, found := label(ws[1:]); found && l == d {
			return d, true
		}
		return 0, false
	}
	return label(ws)
}

// choiceWords are the words of a choice in one spelling without politeness.
func choiceWords(s string) []string {
	ws := spelled(splitWords(Normalise(s)))
	sp := speechData()
	core := sp.core(ws)
	if len(core) == 0 {
		return ws
	}
	for len(core) > 1 && beforeChoice(core[0]) {
		core = core[1:]
	}
	return core
}

// beforeChoice are the words that only lead to the chosen number or label.
func beforeChoice(w string) bool {
	switch w {
	case "nomor", "no", "pilih", "milih", "angka", "jawab", "pilihan", "opsi", "ke", "yang", "sing", "nu", "ingkang", "anu", "balas", "nomer":
		return true
	}
	return false
}

// ordinals are the first, the second ... in the three languages.
var ordinals = [...]string{"pertama kesatu kahiji kapisan kasetunggal", "kedua kadua kapindho kapindo kakalih", "ketiga katilu katelu katiga", "keempat kaopat kapapat kasekawan", "kelima kalima kagangsal", "keenam kagenep kaenem"}

// choiceDigit reads 3 and tiga, in all languages.
func choiceDigit(w string) (int, bool) {
	if len(w) == 1 && isDigit(w[0]) {
		return int(w[0] - '0'), true
	}
	for i, names := range ordinals {
		for _, name := range strings.Fields(names) {
			if w == name {
				return i + 1, true
			}
		}
	}
	if n, ok := numberWords()[w]; ok && n.kind == nDigit && !n.low && w != "nol" && w != "loro" {
		return int(n.value), true
	}
	return 0, false
}
