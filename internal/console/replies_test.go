package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/postgres"
)

var bazar = url.Values{
	"teks_id": {"Bazar Sab 20 Jun, lapak gratis. Balas IKUT sebelum Sen 15 Jun"}, "tawarkan": {"1"},
	"acara": {"bazar"}, "tempat": {"lapak"}, "jumlah_tempat": {"2"}, "batas_ikut": {"15-06-2026"},
}

// with is a form with changes.
func with(f url.Values, change url.Values) url.Values {
	out := url.Values{}
	for k, v := range f {
		out[k] = v
	}
	for k, v := range change {
		out[k] = v
	}
	return out
}

func TestAnOfferIsChecked(t *testing.T) {
	w := newWorld(t)
	w.crowd(3, "32.10.07")
	nani := w.as("nani")
	for _, tt := range []struct {
		name   string
		change url.Values
		says   string
		status int
	}{
		{"nothing wrong", nil, "Ajukan untuk disetujui", 303},
		{"the text does not say how", url.Values{"teks_id": {"Bazar Sab 20 Jun"}}, "belum menyebut kata IKUT", 303},
		{"no words", url.Values{"acara": {""}}, "Isi nama acara", 303},
		{"no seats", url.Values{"jumlah_tempat": {"banyak"}}, "angka 1 sampai 9999", 303},
		{"a day that has passed", url.Values{"batas_ikut": {"09-06-2026"}}, "sudah lewat sebelum siaran", 303},
		{"no day", url.Values{"batas_ikut": {""}}, "sudah lewat sebelum siaran", 303},
		{"a day that is none", url.Values{"batas_ikut": {"31-06-2026"}}, "tidak terbaca", 422},
		{"words that are too long", url.Values{"acara": {"bazar umkm kecamatan maja"}}, "paling banyak 16 huruf", 422},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := nani.write(nil)
			got := nani.post(path, with(with(bazar, url.Values{"nama": {"Bazar Maja"}, "pakai_id_su": {"1"}, "pakai_id_jv": {"1"},
				"wilayah_pilihan": {"semua"}, "versi": {fmt.Sprint(nani.version(path))}}), tt.change))
			if got.status != tt.status {
				t.Fatalf("saved with %d, want %d", got.status, tt.status)
			}
			body := got.body
			if got.status == http.StatusSeeOther {
				body = nani.get(path).body
			}
			if !strings.Contains(body, tt.says) {
				t.Errorf("the page does not say %q", tt.says)
			}
		})
	}
}

// offered sends a broadcast with two seats to five people and lets three of them answer IKUT.
func offered(t *testing.T, w *world) (path string, people []int64) {
	t.Helper()
	people = w.crowd(5, "32.10.07")
	nani, yusuf := w.as("nani"), w.as("yusuf")
	path = nani.write(bazar)
	nani.submit(path, 5)
	yusuf.approve(path, 5)
	if n := w.fanOut(10); n != 5 {
		t.Fatalf("%d messages, want 5", n)
	}
	w.exec(`UPDATE outbox SET state = 'sent', said = literal, via = 'sms', sent_at = $1`, noon)
	db, err := postgres.Open(w.pool)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range people[:3] {
		if err := db.InTx(t.Context(), func(tx *postgres.Tx) error {
			_, err := tx.TakeOffered(t.Context(), 1, p, "sim", noon)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	return path, people
}

func TestTakersAreListedAndTheNextMovesUp(t *testing.T) {
	w := newWorld(t)
	path, people := offered(t, w)
	if n := w.count(`SELECT count(*) FROM outbox WHERE opens = 'broadcast#offered' AND opens_vars->>'broadcast' = '1' AND buttons->>'broadcast' = '1'`); n != 5 {
		t.Errorf("%d of 5 messages ask the question of the offer", n)
	}
	nani := w.as("nani")
	page := nani.get(path).body
	if !strings.Contains(page, "Peserta bazar") || !strings.Contains(page, "2/2") || !strings.Contains(page, "Daftar tunggu") {
		t.Error("the lists are not shown")
	}
	form := url.Values{"orang": {fmt.Sprint(people[0])}}
	if got := w.as("wulan").post(path+"/mundur", form); got.status != http.StatusNotFound {
		t.Errorf("a coordinator of another kabupaten took somebody off: %d", got.status)
	}
	if got := nani.post(path+"/mundur", form); got.status != http.StatusSeeOther {
		t.Fatalf("withdraw: %d", got.status)
	}
	if n := w.count(`SELECT number FROM broadcast_seat WHERE person_id = $1`, people[2]); n != 1 {
		t.Errorf("who waited has number %d, want 1", n)
	}
	if n := w.count(`SELECT count(*) FROM outbox WHERE text_key = 'offer.promoted' AND person_id = $1 AND args->>'urut' = '1'`, people[2]); n != 1 {
		t.Errorf("told %d times, want once", n)
	}
	if got := nani.post(path+"/mundur", form); got.status != http.StatusConflict {
		t.Errorf("the same once more: %d", got.status)
	}
}

// wrote lets somebody write back to the broadcast.
func (w *world) wrote(t *testing.T, person int64, words string) int {
	t.Helper()
	db, err := postgres.Open(w.pool)
	if err != nil {
		t.Fatal(err)
	}
	var inbox int64
	w.scan(&inbox, `INSERT INTO inbox (channel, provider_id, via, sender, kind, text, person_id, at)
		SELECT 'sim', gen_random_uuid(), 'sms', value, 'text', $2, person_id, $3 FROM address WHERE person_id = $1 RETURNING id`, person, words, noon)
	if err := db.InTx(t.Context(), func(tx *postgres.Tx) error {
		_, _, err := tx.KeepReply(t.Context(), 1, person, inbox, noon.AddDate(0, 0, 2), noon)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return w.count(`SELECT id FROM broadcast_reply WHERE person_id = $1 AND done_at IS NULL`, person)
}

func TestRepliesAreAnsweredByTheUnit(t *testing.T) {
	w := newWorld(t)
	path, people := offered(t, w)
	r := w.wrote(t, people[0], "boleh bawa meja sendiri?")
	nani, reply := w.as("nani"), "/balasan/"+fmt.Sprint(r)
	for who, want := range map[string]int{"nani": 200, "yusuf": 200, "ratna": 200, "wulan": 404, "dedi": 403, "rina": 403} {
		if got := w.as(who).get(reply); got.status != want {
			t.Errorf("%s reads it: %d, want %d", who, got.status, want)
		}
	}
	for who, want := range map[string]bool{"nani": true, "ratna": true, "wulan": false, "dedi": false} {
		if first := w.as(who).get("/").body; strings.Contains(first, "Balasan siaran belum dijawab: 1<") != want {
			t.Errorf("the first page of %s says that a reply waits: want %t", who, want)
		}
	}
	for _, page := range []string{"/balasan", path, reply} {
		if !strings.Contains(nani.get(page).body, "boleh bawa meja sendiri?") {
			t.Errorf("%s does not show her words", page)
		}
	}
	if body := nani.get(reply).body; !strings.Contains(body, "Bazar Sab 20 Jun, lapak gratis") {
		t.Error("the broadcast is not shown beside her words")
	}
	if got := w.as("wulan").post(reply, url.Values{"jawaban": {"Boleh"}}); got.status != http.StatusNotFound {
		t.Errorf("answered from another kabupaten: %d", got.status)
	}
	for words, want := range map[string]string{"": "Tulis jawabannya", "lihat bit.ly/x": "Tautan tidak boleh", strings.Repeat("panjang sekali ", 25): "paling banyak 2 SMS"} {
		if got := nani.post(reply, url.Values{"jawaban": {words}}); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, want) {
			t.Errorf("%q: %d, want %q", words, got.status, want)
		}
	}
	if got := nani.post(reply, url.Values{"jawaban": {"Boleh Bu, meja disediakan juga."}}); got.status != http.StatusSeeOther {
		t.Fatalf("answer: %d %s", got.status, got.body)
	}
	var said, via, to, number string
	w.scan(&said, `SELECT literal FROM outbox WHERE kind = 'reply'`)
	w.scan(&via, `SELECT channel || ' ' || via FROM outbox WHERE kind = 'reply'`)
	w.scan(&to, `SELECT recipient FROM outbox WHERE kind = 'reply'`)
	w.scan(&number, `SELECT value FROM address WHERE person_id = $1`, people[0])
	if said != "Dinsos Majalengka: Boleh Bu, meja disediakan juga." || via != "sim sms" || to != number {
		t.Errorf("said %q by %s to %s", said, via, to)
	}
	if !strings.Contains(nani.get(reply).body, "meja disediakan juga") {
		t.Error("the answer does not stand in the conversation")
	}
	// More of her own words join what is open; settled is settled, and the next words open it anew.
	if again := w.wrote(t, people[0], "makasih, kursinya juga?"); again != r {
		t.Errorf("her next words opened %d, want %d", again, r)
	}
	if got := nani.post(reply, url.Values{"tindakan": {"tutup"}}); got.status != http.StatusSeeOther {
		t.Errorf("settle: %d", got.status)
	}
	if strings.Contains(nani.get("/").body, "Balasan siaran") {
		t.Error("the first page lists what is settled")
	}
	if got := nani.post(reply, url.Values{"jawaban": {"lagi"}}); got.status != http.StatusConflict {
		t.Errorf("answered what is settled: %d", got.status)
	}
	if next := w.wrote(t, people[0], "satu lagi bu"); next == r {
		t.Error("her words after it was settled went to the settled one")
	}
	if !strings.Contains(nani.get("/balasan?selesai=1").body, "makasih, kursinya juga?") {
		t.Error("the settled reply is not listed")
	}
}

// An answer at night waits for the morning of the rules, and leaves by another road when the number is hers no more.
func TestAnAnswerKeepsTheHoursAndTheRoad(t *testing.T) {
	w := newWorld(t)
	w.exec(`INSERT INTO rule_version (area_code, key, value, valid_from, at) VALUES ('32.10', 'quiet.to', '08:30', $1, $1)`, noon.AddDate(0, 0, -1))
	_, people := offered(t, w)
	r := w.wrote(t, people[1], "jam berapa mulai?")
	w.exec(`UPDATE address SET status = 'dilepas' WHERE person_id = $1`, people[1])
	w.set(time.Date(2026, 6, 10, 21, 0, 0, 0, wib))
	if got := w.as("nani").post("/balasan/"+fmt.Sprint(r), url.Values{"jawaban": {"Jam delapan"}, "selesai": {"1"}}); got.status != http.StatusSeeOther {
		t.Fatalf("answer: %d", got.status)
	}
	if n := w.count(`SELECT count(*) FROM outbox WHERE kind = 'reply' AND recipient = '' AND via = '' AND not_before = $1`, time.Date(2026, 6, 11, 8, 30, 0, 0, wib)); n != 1 {
		t.Error("it does not wait for the morning and the best road")
	}
}
