package postgres_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/sim"
	"github.com/kabar-prokus/kabar/internal/postgres"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

const (
	simSiti = "+6281234567417"
	simDedi = "+6281234567001"
)

// simWorld is a small programme in WITA: Siti and Ani on one number, and their TKSK.
type simWorld struct {
	t          *testing.T
	db         *postgres.DB
	pool       *pgxpool.Pool
	sim        *postgres.Sim
	now        time.Time
	siti, dedi int64
}

func newSimWorld(t *testing.T) *simWorld {
	db, pool := withAreas(t)
	w := &simWorld{t: t, db: db, pool: pool, sim: db.Sim(), now: time.Date(2026, 6, 7, 10, 30, 0, 250e6, time.UTC)}
	area := one[string](t, pool, `SELECT code FROM area WHERE level = 3 AND zone = 'Asia/Makassar' ORDER BY code LIMIT 1`)
	const person = `INSERT INTO person (code, name, area_code, zone, consent, created_at) VALUES ($1, $2, $3, 'Asia/Makassar', $4, $5) RETURNING id`
	w.siti = one[int64](t, pool, person, "482919", "Siti Aminah", area, "ya", w.now)
	ani := one[int64](t, pool, person, "173609", "Ani Suryani", area, "diundang", w.now)
	gone := one[int64](t, pool, person, "550210", "Yati Rohayati", area, "ya", w.now)
	exec(t, pool, `UPDATE person SET status = 'keluar' WHERE id = $1`, gone)
	w.dedi = one[int64](t, pool, `INSERT INTO staff (role, name, title) VALUES ('tksk', 'Dedi Kurnia', 'Pak') RETURNING id`)
	exec(t, pool, `INSERT INTO staff_area VALUES ($1, $2)`, w.dedi, area)
	const address = `INSERT INTO address (person_id, staff_id, kind, value, is_primary, letter, linked_at) VALUES ($1, $2, 'phone', $3, true, $4, $5)`
	exec(t, pool, address, w.siti, nil, simSiti, "A", w.now)
	exec(t, pool, address, ani, nil, simSiti, "B", w.now)
	exec(t, pool, address, gone, nil, "+6281234567999", "", w.now)
	exec(t, pool, address, nil, w.dedi, simDedi, "", w.now)
	return w
}

// write records an inbound as a turn does.
func (w *simWorld) write(in channels.Inbound) (inbox int64) {
	w.t.Helper()
	err := w.db.InTx(w.t.Context(), func(tx *postgres.Tx) (err error) {
		inbox, _, err = tx.Accept(w.t.Context(), in, w.now)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return inbox
}

// say queues a message; send lets one leave as the scheduler does, a second later.
func (w *simWorld) say(m prokus.Message) string {
	w.t.Helper()
	var ids []string
	err := w.db.InTx(w.t.Context(), func(tx *postgres.Tx) (err error) {
		ids, err = tx.Enqueue(w.t.Context(), w.now, m)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return ids[0]
}

func (w *simWorld) send(m prokus.Message, text string) string {
	w.t.Helper()
	id := w.say(m)
	w.now = w.now.Add(time.Second)
	store := w.db.Schedule()
	_, ok, err := store.Claim(w.t.Context(), id, w.now, func(scheduler.Facts) scheduler.Decision {
		return scheduler.Decision{Verdict: scheduler.Send, Road: scheduler.Road{Channel: m.Channel, Via: m.Via, To: m.To},
			Out: channels.Outbound{ID: id, Text: text, Segments: 1}, Attempt: 1}
	})
	if err != nil || !ok {
		w.t.Fatalf("claim: %v %v", ok, err)
	}
	if err := store.MarkSent(w.t.Context(), id, channels.Sent{ProviderID: id, Segments: 1}, nil, w.now); err != nil {
		w.t.Fatal(err)
	}
	return id
}

func shown(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestSimPhoneShowsWhatLeftInTheOwnersZone(t *testing.T) {
	w := newSimWorld(t)
	mark := simMust(w.sim.Mark(t.Context()))
	inbox := w.write(channels.Inbound{Channel: "sim", ID: "1", Via: channels.SMS, From: simSiti, Kind: channels.Text, Text: "tolong"})
	w.send(prokus.Message{Person: w.siti, Channel: "sim", Via: "sms", To: simSiti, Kind: prokus.KindReply, Text: "x", Cause: inbox}, "Ada apa Bu Siti?")
	w.send(prokus.Message{Staff: w.dedi, Channel: "sim", Via: "sms", To: simDedi, Kind: prokus.KindAlert, Text: "x", Cause: inbox}, "PENTING: Siti minta ditelepon")
	w.say(prokus.Message{Person: w.siti, Channel: "sim", Via: "sms", To: simSiti, Kind: prokus.KindPrompt, Text: "x"}) // still waits
	later := prokus.Message{Person: w.siti, Channel: "sim", Via: "sms", To: simSiti, Kind: prokus.KindNotice, Text: "x", Cause: inbox, NotBefore: w.now.Add(2 * time.Hour)}
	w.now = w.now.Add(-time.Second) // the turn's own moment
	id := w.say(later)
	w.now = w.now.Add(3 * time.Hour)
	exec(t, w.pool, `UPDATE outbox SET state = 'sent', said = 'Dua jam kemudian', segments = 1, sent_at = $2 WHERE id = $1`, id, w.now)

	if got, want := shown(t, simMust(w.sim.Phone(t.Context(), simSiti))),
		`[{"direction":"in","text":"tolong","at":"2026-06-07T18:30:00+08:00","segments":1,"kind":"reply"},`+
			`{"direction":"out","text":"Ada apa Bu Siti?","at":"2026-06-07T18:30:01+08:00","segments":1,"kind":"reply"},`+
			`{"direction":"out","text":"Dua jam kemudian","at":"2026-06-07T21:30:01+08:00","segments":1,"kind":"notice"}]`; got != want {
		t.Errorf("the phone shows %s\nwant %s", got, want)
	}
	if got := simMust(w.sim.Phone(t.Context(), "+6285711112222")); len(got) != 0 {
		t.Errorf("a stranger's phone shows %+v", got)
	}
	caused := simMust(w.sim.Caused(t.Context(), inbox))
	if len(caused) != 2 || caused[0].Text != "Ada apa Bu Siti?" || caused[0].Who != "Siti Aminah" || caused[0].Role != "penerima" ||
		caused[1].To != simDedi || caused[1].Role != "tksk" || caused[1].Kind != "alert" || caused[1].At.Format(time.RFC3339) != "2026-06-07T18:30:02+08:00" {
		t.Errorf("the turn caused %+v", caused)
	}
	log := simMust(w.sim.Log(t.Context(), 10))
	if len(log) != 2 || log[0].To != simDedi || log[1].To != simSiti {
		t.Errorf("the log says %+v", log)
	}
	if log = simMust(w.sim.Log(t.Context(), 1)); len(log) != 1 || log[0].To != simDedi {
		t.Errorf("the newest line is %+v", log)
	}
	if again := simMust(w.sim.Mark(t.Context())); again == mark {
		t.Error("the mark stayed the same")
	}
}

func TestSimPeopleAreFoundByNameCodeAndNumber(t *testing.T) {
	w := newSimWorld(t)
	for find, want := range map[string][]string{
		"": {"Dedi Kurnia", "Siti Aminah", "Ani Suryani"}, "siti": {"Siti Aminah"}, "173609": {"Ani Suryani"}, "0812-3456-7417": {"Siti Aminah", "Ani Suryani"},
		"dedi": {"Dedi Kurnia"}, "7001": {"Dedi Kurnia"}, "yati": nil, "%": nil, "12": nil, "'": nil,
	} {
		var names []string
		for _, o := range simMust(w.sim.People(t.Context(), find, 60)) {
			names = append(names, o.Name)
		}
		if !slices.Equal(names, want) {
			t.Errorf("%q finds %v, want %v", find, names, want)
		}
	}
	if got := simMust(w.sim.People(t.Context(), "", 2)); len(got) != 2 {
		t.Errorf("%d of at most 2", len(got))
	}
	siti := simMust(w.sim.People(t.Context(), "siti", 9))[0]
	if siti.Number != simSiti || siti.Role != "penerima" || siti.Code != "482919" || siti.Consent != "ya" || siti.Area == "" || siti.Chat || siti.Preferred {
		t.Errorf("Siti is %+v", siti)
	}
}

func TestSimChatIsLinkedOnceAndPreferredOnRequest(t *testing.T) {
	w := newSimWorld(t)
	chat := "sim:" + simSiti
	primary := func() []string {
		rows, err := w.pool.Query(t.Context(), `SELECT kind || letter FROM address WHERE is_primary AND value IN ($1, $2) ORDER BY 1`, simSiti, chat)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		var out []string
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				t.Fatal(err)
			}
			out = append(out, s)
		}
		return out
	}
	for range 2 {
		if err := w.sim.LinkChat(t.Context(), simSiti, chat, false, w.now); err != nil {
			t.Fatal(err)
		}
	}
	if n := one[int](t, w.pool, `SELECT count(*) FROM address WHERE kind = 'telegram' AND value = $1`, chat); n != 2 || !slices.Equal(primary(), []string{"phoneA", "phoneB"}) {
		t.Fatalf("%d linked, primary are %v", n, primary())
	}
	if o := simMust(w.sim.People(t.Context(), "siti", 9))[0]; !o.Chat || o.Preferred {
		t.Errorf("Siti is %+v", o)
	}
	if err := w.sim.LinkChat(t.Context(), simSiti, chat, true, w.now); err != nil || !slices.Equal(primary(), []string{"telegramA", "telegramB"}) {
		t.Errorf("preferred: %v, primary are %v", err, primary())
	}
	if err := w.sim.PreferPhone(t.Context(), simSiti); err != nil || !slices.Equal(primary(), []string{"phoneA", "phoneB"}) {
		t.Errorf("the phone again: %v, primary are %v", err, primary())
	}
	// A chat that has begun by itself is not linked behind its back.
	w.write(channels.Inbound{Channel: "telegram", ID: "1", Via: channels.Telegram, From: "sim:" + simDedi, Kind: channels.Text, Text: "/start k7Qm2Zt9vB4xR1nL8pWc3A"})
	if err := w.sim.LinkChat(t.Context(), simDedi, "sim:"+simDedi, false, w.now); err != nil {
		t.Fatal(err)
	}
	if n := one[int](t, w.pool, `SELECT count(*) FROM address WHERE staff_id = $1 AND kind = 'telegram'`, w.dedi); n != 0 {
		t.Error("it was linked")
	}
}

func TestSimChatKeepsButtonsAndEdits(t *testing.T) {
	w := newSimWorld(t)
	chat := "sim:" + simSiti
	if err := w.sim.LinkChat(t.Context(), simSiti, chat, false, w.now); err != nil {
		t.Fatal(err)
	}
	inbox := w.write(channels.Inbound{Channel: "telegram", ID: "1", Via: channels.Telegram, From: chat, Kind: channels.Text, Text: "750"})
	reply := prokus.Message{Person: w.siti, Channel: "telegram", Via: "telegram", To: chat, Kind: prokus.KindReply, Text: "x", Cause: inbox}
	id := w.send(reply, "Maksud Ibu Rp750.000?")
	card := sim.Card{Message: id, Buttons: [][]channels.Button{{{Label: "Ya", Data: "o:" + id + ":yes"}}}, Keys: [][]string{{"Lapor jualan"}}, AskPhone: "Bagikan nomor saya"}
	for range 2 { // sent again, it is still one
		if err := w.sim.KeepCard(t.Context(), card); err != nil {
			t.Fatal(err)
		}
	}
	w.now = w.now.Add(time.Second)
	w.write(channels.Inbound{Channel: "telegram", ID: "2", Via: channels.Telegram, From: chat, Kind: channels.Choice, Choice: "o:" + id + ":yes"})
	before := simMust(w.sim.Mark(t.Context()))
	edit := sim.Card{Message: id, Text: "Tercatat Rp750.000.", Buttons: [][]channels.Button{{{Label: "Ubah", Data: "w:change"}}}}
	if ok, err := w.sim.EditCard(t.Context(), chat, edit, w.now); !ok || err != nil {
		t.Fatalf("edited %v %v", ok, err)
	}
	if simMust(w.sim.Mark(t.Context())) == before {
		t.Error("an edit left the mark the same")
	}
	replaced := w.send(reply, "Tercatat Rp750.000.")
	if err := w.sim.KeepCard(t.Context(), sim.Card{Message: replaced, Edits: id, Buttons: edit.Buttons}); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(time.Second)
	w.write(channels.Inbound{Channel: "telegram", ID: "3", Via: channels.Telegram, From: chat, Kind: channels.Choice, Choice: "w:change"})
	for name, c := range map[string]sim.Card{"no id": {Message: "x"}, "unknown": {Message: "5a1d8c9e-0000-4000-8000-000000000001"}} {
		if ok, err := w.sim.EditCard(t.Context(), chat, c, w.now); ok || err != nil {
			t.Errorf("%s: edited %v %v", name, ok, err)
		}
	}
	if ok, err := w.sim.EditCard(t.Context(), "sim:"+simDedi, edit, w.now); ok || err != nil {
		t.Errorf("somebody else's chat: edited %v %v", ok, err)
	}
	want := `[{"direction":"in","kind":"text","text":"750","at":"2026-06-07T18:30:00+08:00"},` +
		`{"id":"` + id + `","direction":"out","kind":"reply","text":"Tercatat Rp750.000.","at":"2026-06-07T18:30:01+08:00",` +
		`"buttons":[[{"label":"Ubah","data":"w:change"}]],"keys":[["Lapor jualan"]],"ask_phone":"Bagikan nomor saya","edited":true},` +
		`{"direction":"in","kind":"choice","text":"Ya","at":"2026-06-07T18:30:02+08:00"},` +
		`{"direction":"in","kind":"choice","text":"Ubah","at":"2026-06-07T18:30:04+08:00"}]`
	if got := shown(t, simMust(w.sim.Chat(t.Context(), chat))); got != want {
		t.Errorf("the chat shows %s\nwant %s", got, want)
	}
	if caused := simMust(w.sim.Caused(t.Context(), inbox)); len(caused) != 2 || caused[0].To != simSiti || caused[0].Via != channels.Telegram {
		t.Errorf("the turn caused %+v", caused)
	}
}

// simMust stops at an error that no case expects.
func simMust[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
