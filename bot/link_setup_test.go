package bot_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"regexp"

	"github.com/kabar-prokus/kabar/channels"
)

var contactShape = regexp.MustCompile(`^\(contact (\+\d+), (own|somebody else's)\)$`)

// shareContact is "U> (contact +6281234567417, own)": a shared phone number, with or without Telegram's proof.
func shareContact(in *channels.Inbound, txt string) {
	m := contactShape.FindStringSubmatch(txt)
	in.Kind, in.Text, in.Raw = channels.Contact, "", nil
	if m != nil {
		in.Phone, in.OwnPhone = m[1], m[2] == "own"
	}
}

// givenAddress makes something true about numbers and links.
//
//	born Ani 1985                              her year of birth
//	moved Ani                                  she lives in another kecamatan
//	chatty Siti 77001                          she is reached in a chat first
//	nophone Ani                                no number of hers is known
//	phone Ani +6281234567417 B                 she shares a number, with a letter
//	pending Siti +6285711112222                an import has changed her number
//	staffchat Dedi 77001 +6281200000011             his chat was linked and the number told
//	link Siti k7Qm2Zt9vB4xR1nL8pWc3A           a printed link (also of staff: link Dedi …); "used" ends it
func (p *player) givenAddress(f []string) bool {
	switch f[0] {
	case "born":
		p.exec(`UPDATE person SET birth_year = $2::text::int WHERE id = $1`, p.person(f[1]), f[2])
	case "moved":
		p.exec(`INSERT INTO area VALUES ('32.10.08', '32.10', 3, 'Sukahaji', 'Asia/Jakarta') ON CONFLICT DO NOTHING`)
		p.exec(`UPDATE person SET area_code = '32.10.08' WHERE id = $1`, p.person(f[1]))
	case "chatty": // she is reached in a chat
		p.exec(`UPDATE address SET is_primary = false WHERE person_id = $1`, p.person(f[1]))
		p.exec(`INSERT INTO address (person_id, kind, value, is_primary, linked_at) VALUES ($1, 'telegram', $2, true, $3)`, p.person(f[1]), f[2], p.clock())
	case "nophone":
		p.exec(`DELETE FROM address WHERE person_id = $1`, p.person(f[1]))
	case "consent":
		p.exec(`UPDATE person SET consent = $2 WHERE id = $1`, p.person(f[1]), f[2])
	case "phone":
		p.exec(`DELETE FROM address WHERE person_id = $1`, p.person(f[1]))
		p.exec(`UPDATE address SET letter = 'A' WHERE value = $1 AND letter = ''`, f[2])
		p.exec(`INSERT INTO address (person_id, kind, value, is_primary, letter, linked_at) VALUES ($1, 'phone', $2, true, $3, $4)`, p.person(f[1]), f[2], f[3], p.clock())
	case "pending":
		p.exec(`INSERT INTO address (person_id, kind, value, status, linked_at) VALUES ($1, 'phone', $2, 'menunggu', $3)`, p.person(f[1]), f[2], p.clock())
		p.open(f[1], "number#confirm", map[string]any{"phone": f[2]})
	case "staffchat": // a chat of a member of staff, of which the number was told
		p.exec(`WITH a AS (INSERT INTO address (staff_id, kind, value, is_primary, linked_at)
			SELECT id, 'telegram', 'tg' || $2, true, $4::timestamptz FROM staff WHERE name LIKE $1 || ' %' RETURNING id)
			INSERT INTO link_notice (address_id, told, at) SELECT id, $3, $4 FROM a`, f[1], f[2], f[3], p.clock())
	case "link":
		h := kept(f[2])
		used := any(nil)
		if len(f) > 3 {
			used = p.clock()
		}
		p.exec(`INSERT INTO link (token_hash, purpose, person_id, staff_id, expires_at, used_at)
			SELECT $1, 'telegram', (SELECT id FROM person WHERE name LIKE $2 || ' %'), (SELECT id FROM staff WHERE name LIKE $2 || ' %'), $3, $4`,
			h, f[1], p.clock().AddDate(0, 0, 7), used)
	default:
		return false
	}
	return true
}

// address is how a number or chat of somebody stands: "number Siti +6285711112222 aktif,utama" or "chat Siti 77001 none".
func (p *player) address(f []string) (got string, err error) {
	kind := map[string]string{"number": "phone", "chat": "telegram"}[f[0]]
	value := f[2]
	if kind == "telegram" {
		value = "tg" + value
	}
	err = p.pool.QueryRow(p.ctx, `SELECT coalesce((SELECT status || CASE WHEN is_primary THEN ',utama' ELSE '' END || CASE WHEN letter <> '' THEN ',' || letter ELSE '' END
		FROM address a WHERE kind = $1 AND value = $2 AND (person_id = (SELECT id FROM person WHERE name LIKE $3 || ' %')
			OR staff_id = (SELECT id FROM staff WHERE name LIKE $3 || ' %'))), 'none')`, kind, value, f[1]).Scan(&got)
	return got, err
}

// kept is what the table holds of a token; the world of the tests has no secret.
func kept(token string) []byte {
	h := hmac.New(sha256.New, nil)
	h.Write([]byte(token))
	return h.Sum(nil)
}
