package roster

import "github.com/kabar-prokus/kabar/internal/prokus"

// Said is a text that an import sends: which place it opens and what it brings along. The checker holds texts and flows to it.
type Said struct {
	Text  string
	Opens string // flow#step; empty: nothing is asked
	Gives []string
}

// Says is everything that imports send.
func Says() []Said {
	person := []string{"sapaan", "nama", "ibu"}
	with := func(more ...string) []string { return append(append([]string{}, person...), more...) }
	all := []Said{
		{textInvite, opensInvite, with("tksk")},
		{textInviteVacant, opensInvite, person},
		{textConfirm, opensConfirm, with("akhirhp", "phone")},
		{textCredited, opensReceived, with("jumlah", "bank", "akhir", "tgl")},
		{textCreditedPlain, opensReceived, with("jumlah", "tgl")},
		{textNeutral, "", person},
	}
	for _, s := range prokus.DefaultStages() {
		if s.Code == prokus.Credited {
			continue
		}
		gives := person
		if s.Code == prokus.AtBank {
			gives = with("jumlah")
		}
		all = append(all, Said{Text: textStage + string(s.Code), Gives: gives})
	}
	return all
}
