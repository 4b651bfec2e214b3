package bahasa

// bare takes greetings before a wish and thanks after it away: "assalamualaikum
// bu, tidak ada", "tutup terima kasih". It reports whether anything was taken
// that the reading of politeness alone does not take anyway.
func (sp *speech) bare(ws []string) ([]string, bool) {
	taken, from, to := false, 0, len(ws)
	for from < to {
		is, n := sp.lex.at(ws, from)
		if from+n > to || !is.has(sp.hi) && !(is.has(sp.fill) && !is.has(sp.yes)) {
			break // thanks before a noun are for it: "makasih infonya"
		}
		taken = taken || is.has(sp.hi)
		from += n
	}
	for to > from {
		n := 0
		for k := 3; k >= 1 && n == 0; k-- { // the longest joined words that end here
			if to-k < from {
				continue
			}
			is, size := sp.lex.at(ws, to-k)
			switch {
			case size != k:
			case is.has(sp.thank), is.has(sp.fill) && !is.has(sp.yes):
				taken, n = taken || is.has(sp.thank), k
			case k == 1 && to-from > 1 && agreeable(ws[to-1]):
				taken, n = true, k
			}
		}
		if n == 0 {
			break
		}
		to -= n
	}
	if from > 0 && to == from+1 && title(ws[from-1]) && sp.lex.single[ws[from]].has(sp.official) {
		return nil, false // "assalamualaikum pak tksk" speaks to him
	}
	return ws[from:to], taken && from < to
}

// agreeable are the words of yes that only close a sentence.
func agreeable(w string) bool {
	switch w {
	case "nggih", "inggih", "njih", "ya", "nya", "enggih":
		return true
	}
	return false
}

// courteous reads what is left of a message without greetings and thanks. What
// is left of an answer stays to the readings of whole messages ("oke makasih").
func (sp *speech) courteous(ws []string, r *IntentReading) bool {
	rest, ok := sp.bare(ws)
	if !ok {
		return false
	}
	inner := IntentReading{Intent: None}
	if it, ok := sp.phrase(rest); ok {
		inner.Intent, inner.Sure = it, true
	} else {
		sp.understand(rest, &inner)
	}
	switch inner.Intent {
	case None, Yes, NotNo, Greeting, Thanks:
		return false
	case Cancel:
		if rest[0] == "tidakusah" || len(rest) > 1 && rest[1] == "usah" {
			return false // "ga usah, terima kasih" is a no
		}
	}
	r.Intent, r.Sure = inner.Intent, inner.Sure
	return true
}
