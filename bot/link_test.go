package bot_test

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/postgres"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// chatText is what somebody writes in a chat.
func (w *world) chatText(chat, txt string) []said {
	w.t.Helper()
	in := w.inbound(chat, channels.Telegram, txt)
	in.Channel = "telegram"
	return w.caused(w.handle(in))
}

// Ten thousand guesses find no link (faults.md E12), a chat that guesses is not even looked at after ten, and only a hash
// of the real one is kept.
func TestE12GuessedLinks(t *testing.T) {
	w := newWorld(t)
	token, err := w.db.NewTelegramLink(w.ctx, w.person("Siti"), 0, w.now)
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^[A-Za-z0-9_-]{22}$`).MatchString(token) {
		t.Fatalf("token %q is not 22 characters of base64url", token)
	}
	h := kept(token)
	if n := w.one(`SELECT count(*) FROM link WHERE token_hash = $1 AND purpose = 'telegram'`, h); n != 1 {
		t.Fatalf("%d rows under the token's hash, want 1", n)
	}
	err = w.db.InTx(w.ctx, func(tx *postgres.Tx) error {
		for range 10_000 {
			raw := make([]byte, 16)
			if _, err := rand.Read(raw); err != nil {
				return err
			}
			if _, _, ok, err := tx.TakeLink(w.ctx, base64.RawURLEncoding.EncodeToString(raw), "66001", w.now); err != nil || ok {
				return fmt.Errorf("a guess was taken: %t: %w", ok, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	answers := 0
	for i := range 30 {
		answers += len(w.chatText("66001", fmt.Sprintf("/start AAAAAAAAAAAAAAAAAAAA%02d", i)))
	}
	if answers != 10 {
		t.Errorf("30 guesses got %d answers, want 10", answers)
	}
	if got := w.chatText("66001", "/start "+token); len(got) != 0 {
		t.Errorf("the chat that guessed got %v", got)
	}
	if got := w.chatText("66002", "/start "+token); len(got) != 1 {
		t.Errorf("the chat with the link got %v", got)
	}
}

// A printed link is good for seven days, a new one ends those before it, and a person who left has none.
func TestLinksEnd(t *testing.T) {
	w := newWorld(t)
	take := func(token string, at time.Time) (ok bool) {
		t.Helper()
		err := w.db.InTx(w.ctx, func(tx *postgres.Tx) (err error) {
			_, _, ok, err = tx.TakeLink(w.ctx, token, "66001", at)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	first, err := w.db.NewTelegramLink(w.ctx, w.person("Siti"), 0, w.now)
	if err != nil {
		t.Fatal(err)
	}
	if !take(first, w.now.Add(7*24*time.Hour-time.Second)) || take(first, w.now.Add(7*24*time.Hour)) {
		t.Error("a link is not good for seven days exactly")
	}
	second, err := w.db.NewTelegramLink(w.ctx, w.person("Siti"), 0, w.now)
	if err != nil {
		t.Fatal(err)
	}
	if take(first, w.now) || !take(second, w.now) {
		t.Error("a second link has not ended the first")
	}
	w.exec(`UPDATE person SET status = 'keluar' WHERE id = $1`, w.person("Siti"))
	got := w.chatText("66001", "/start "+second)
	if len(got) != 1 || got[0].text != "Tautan ini sudah dipakai atau kedaluwarsa. Kirim kode 6 angka dari pendamping, atau minta tautan baru." {
		t.Errorf("the link of somebody who left: %v", got)
	}
}

// Whoever tries codes and years hears the same of a code that somebody has and of one that nobody has (faults.md F7, H4),
// by SMS, on screens and in a chat; what is kept does not differ either.
func TestCodesAreNoOracle(t *testing.T) {
	w := newWorld(t)
	const known, nobodys = "482919", "481713"
	if !prokus.ValidCode(nobodys) || w.one(`SELECT count(*) FROM person WHERE code = $1`, nobodys) != 0 {
		t.Fatal("the code of nobody is somebody's, or none")
	}
	talks := map[string]func(from, code string) []string{
		"sms": func(from, code string) (heard []string) {
			for _, s := range []string{"daftar " + code, "1950", "1951", "1968", code} {
				for _, m := range w.sms(from, s) {
					heard = append(heard, m.text)
				}
			}
			return heard
		},
		"ussd": func(from, code string) (heard []string) {
			inputs := []string{code, "1950", "1951"}
			for i := range len(inputs) + 1 {
				screen, _ := w.dial(from, "s"+from, inputs[:i]...)
				heard = append(heard, screen)
			}
			return heard
		},
		"chat": func(from, code string) (heard []string) {
			for _, m := range w.chatText(from, code) {
				heard = append(heard, m.text)
			}
			in := w.inbound(from, channels.Telegram, "")
			in.Channel, in.Kind, in.Phone, in.OwnPhone = "telegram", channels.Contact, "+6285700000099", true
			for _, m := range w.caused(w.handle(in)) {
				heard = append(heard, m.text)
			}
			for _, s := range []string{"1950", "1951"} {
				for _, m := range w.chatText(from, s) {
					heard = append(heard, m.text)
				}
			}
			return heard
		},
	}
	n := 0
	for road, talk := range talks {
		t.Run(road, func(t *testing.T) {
			n += 2
			from := []string{fmt.Sprintf("+628570000%04d", n), fmt.Sprintf("+628570000%04d", n+1)}
			somebody, nobody := talk(from[0], known), talk(from[1], nobodys)
			if len(somebody) < 4 || !slices.Equal(somebody, nobody) {
				t.Errorf("somebody's code: %q\nnobody's code: %q", somebody, nobody)
			}
			if a, b := w.one(`SELECT tries FROM link_try WHERE sender = $1`, from[0]), w.one(`SELECT tries FROM link_try WHERE sender = $1`, from[1]); a != 2 || b != 2 {
				t.Errorf("tries kept: %d and %d, want 2", a, b)
			}
		})
	}
	if got := w.one(`SELECT count(*) FROM cases WHERE person_id = $1 AND reason = 'BANTU_DAFTAR'`, w.person("Siti")); got != 1 {
		t.Errorf("%d cases for the TKSK, want one and not one for each try", got)
	}
}

// Wrong years are counted for each number and code, for each number, and for each code: no number learns much by trying
// codes, and no code is opened from many numbers.
func TestTriesAreLimited(t *testing.T) {
	w := newWorld(t)
	const locked = "Masih belum cocok. Demi keamanan, coba lagi besok atau minta pendamping (TKSK) mendaftarkan. Ini bukan salah Ibu."
	last := func(msgs []said) string {
		if len(msgs) == 0 {
			return ""
		}
		return msgs[len(msgs)-1].text
	}
	// one number, five codes: the sixth wrong year within the hour is not weighed any more
	w.exec(`INSERT INTO link_try SELECT '+6285711112222', '90000' || n, 1, $1 FROM generate_series(1, 5) n`, w.now)
	if got := last(w.sms("+6285711112222", "daftar 482919")); got != locked {
		t.Errorf("a number that tried five codes: %q", got)
	}
	w.at(w.now.Add(time.Hour + time.Minute))
	if got := last(w.sms("+6285711112222", "daftar 482919")); got == locked || got == "" {
		t.Errorf("an hour later: %q", got)
	}
	// one code, ten numbers
	w.exec(`INSERT INTO link_try SELECT '+62857222200' || n, '550210', 1, $1 FROM generate_series(10, 19) n`, w.clock())
	if got := last(w.sms("+6285733334444", "daftar 550210")); got != locked {
		t.Errorf("a code that ten numbers tried: %q", got)
	}
	w.at(w.clock().Add(24*time.Hour + time.Minute))
	if got := last(w.sms("+6285733334444", "daftar 550210")); got == locked || got == "" {
		t.Errorf("a day later: %q", got)
	}
}

// A text for shared numbers has no placeholder that its plain twin lacks, but what every turn supplies.
func TestSharedTextsNeedNothingMore(t *testing.T) {
	w := newWorld(t)
	given := w.text.Given(true)
	n := 0
	for _, m := range w.text.Keys() {
		plain, ok := cutShared(m.Key)
		if !ok || !w.text.Has(plain) {
			continue
		}
		n++
		have := append(w.text.Placeholders(plain, "id", "sms"), given...)
		for _, p := range w.text.Placeholders(m.Key, "id", "sms") {
			if !slices.Contains(have, p) && p != "huruf" {
				t.Errorf("%s needs {%s}, which %s has not", m.Key, p, plain)
			}
		}
	}
	if n < 10 {
		t.Errorf("%d texts for shared numbers, want ten at least", n)
	}
}

func cutShared(key string) (string, bool) {
	const end = "_shared"
	if len(key) > len(end) && key[len(key)-len(end):] == end {
		return key[:len(key)-len(end)], true
	}
	return key, false
}

// Two numbers that link with one code at the same moment: both end up hers, one of them primary, and nothing breaks.
func TestTwoNumbersAtOnce(t *testing.T) {
	w := newWorld(t)
	numbers := []string{"+6285711112222", "+6285711113333"}
	for _, n := range numbers {
		w.sms(n, "daftar 482919")
	}
	var ins []channels.Inbound
	for _, n := range numbers {
		ins = append(ins, w.inbound(n, channels.SMS, "1968"))
	}
	errs := make(chan error, len(ins))
	for _, in := range ins {
		go func() {
			_, err := w.bot.Handle(w.ctx, in)
			errs <- err
		}()
	}
	for range ins {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if n := w.one(`SELECT count(*) FROM address WHERE person_id = $1 AND status = 'aktif'`, w.person("Siti")); n != 3 {
		t.Errorf("%d active numbers, want three", n)
	}
	if n := w.one(`SELECT count(*) FROM address WHERE person_id = $1 AND is_primary`, w.person("Siti")); n != 1 {
		t.Errorf("%d primary numbers, want one", n)
	}
}

// A new number is told to her chat too, and BUKAN there takes it back.
func TestTheChatIsToldOfANumber(t *testing.T) {
	w := newWorld(t)
	w.exec(`DELETE FROM address WHERE person_id = $1`, w.person("Siti"))
	w.exec(`INSERT INTO address (person_id, kind, value, is_primary, linked_at) VALUES ($1, 'telegram', '66001', true, $2)`, w.person("Siti"), w.now)
	w.sms("+6285711112222", "daftar 482919")
	heard := w.sms("+6285711112222", "1968")
	want := said{"66001", "KABAR: nomor baru ...222 dihubungkan ke akun Bu Siti. Bukan Ibu? Balas BUKAN, nanti kami putus."}
	if !slices.Contains(heard, want) {
		t.Fatalf("heard %v, want %v", heard, want)
	}
	w.chatText("66001", "bukan")
	if n := w.one(`SELECT count(*) FROM address WHERE person_id = $1 AND status = 'aktif' AND value = '66001' AND is_primary`, w.person("Siti")); n != 1 {
		t.Error("the chat is not her primary address again")
	}
	if n := w.one(`SELECT count(*) FROM address WHERE value = '+6285711112222' AND status = 'salah_orang' AND NOT is_primary`); n != 1 {
		t.Error("the number was not cut off")
	}
}
