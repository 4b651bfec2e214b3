package bahasa

import "sync"

// onlySundanese, onlyJavanese and onlyIndonesia are everyday words that the other two languages
// do not have (tolong, minggu, sakit, ubah, bantuan are of all three); two of them, or one in a short message, show a language.
const (
	onlySundanese = "abdi teu icalan kenging sabaraha iraha naon kumaha saha henteu muhun sumuhun hatur nuhun atuh euy mah pisan deui heula engke wae bade hoyong tiasa artos damang gering sumping wios atos parantos tos kanggo sareng upami lamun ieu eta urang sanes teh rebu sajuta saratus salaki caah kacaahan ngical punten hapunten mangga aya nu ti ka ku acan daek hayang embung moal ulah keur nuju pamajikan budak incu imah bumi dinten poe seep telepon-abdi lieur ngartos ngarti wilujeng sampurasun bantosan lebet enjing kamari maot ngantunkeun eureun liren dagang meser meuli payu loba seueur saeutik sakedik"
	onlyJavanese  = "ora orak mboten boten nggih inggih njih injih kula aku-jv sampun wis uwis durung dereng opo napa menapa piye pripun kados pundi endi sopo sinten iki niki kuwi niku dodolan sadean adol payu ewu yuta satus rong telung pitung wolung seket yen menawi nek sesuk mbenjing mengko mangke wingi wonten ono saged iso isa rawuh teka bojo lara mriang udur omah griya anake bapake matur nuwun suwun sugeng kula-nuwun nyuwun badhe arep dhuwit duwit arta entek telas mung wae mawon maneh malih karo kaliyan kanggo kangge kebanjiren kobong kobongan leren kendel mandeg emoh wegah ojo ampun monggo nggeh prei dudu sanes loro klentu kleru tulung tulungi mudeng jupuk mulih"
	onlyIndonesia = "tidak belum sudah saya berapa kapan bagaimana dimana siapa dengan untuk dari yang uang bisa mau suami meninggal nanti besok karena seperti juga ingin kami"
)

type langWords struct{ su, jv, id map[string]bool }

var languages = sync.OnceValue(func() langWords {
	set := func(s string) map[string]bool {
		m := map[string]bool{}
		for _, w := range splitWords(s) {
			m[w] = true
		}
		return m
	}
	return langWords{set(onlySundanese), set(onlyJavanese), set(onlyIndonesia)}
})

// langOf names the language that a normalised message is clearly in, or "".
func langOf(text string) string {
	l := languages()
	su, jv, id, n := 0, 0, 0, 0
	for _, w := range splitWords(text) {
		n++
		s, j := l.su[w], l.jv[w]
		switch {
		case s && j: // of both
		case s:
			su++
		case j:
			jv++
		case l.id[spell(w)]:
			id++
		}
	}
	need := 2
	if n <= 3 {
		need = 1
	}
	switch {
	case su >= need && su > jv && su > id:
		return "su"
	case jv >= need && jv > su && jv > id:
		return "jv"
	case id >= need && id > su && id > jv:
		return "id"
	}
	return ""
}
