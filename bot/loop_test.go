package bot_test

import (
	"fmt"
	"testing"
	"time"
)

// Two machines that answer each other fall silent; a person who writes a lot does not (faults.md A17).
func TestA17LoopGuard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 40 { // different answers: a busy person
		if got := w.sms(phones["Siti"], fmt.Sprintf("ubah %drb", 300+i)); i > 0 && len(got) != 1 {
			t.Fatalf("message %d of a busy person was answered %d times", i+1, len(got))
		}
	}
	answered := 0
	for range 60 { // an echo
		answered += len(w.sms(phones["Ani"], "xyzzy plugh"))
	}
	if answered != 20 {
		t.Errorf("an echo was answered %d times", answered)
	}
	var noted int
	if err := w.pool.QueryRow(t.Context(), `SELECT count(*) FROM cases c JOIN person p ON p.id = c.person_id WHERE p.name LIKE 'Ani%' AND c.detail->>'topic' = 'pesan berulang-ulang'`).Scan(&noted); err != nil || noted != 1 {
		t.Errorf("the TKSK has %d notes of it, %v", noted, err)
	}
	w.at(w.clock().Add(6 * time.Minute))
	if got := w.sms(phones["Ani"], "status"); len(got) != 1 {
		t.Errorf("after the silence: %v", got)
	}
	answered = 0
	for i := range 30 { // somebody we do not know: ten a day
		answered += len(w.sms("+6285711112222", fmt.Sprintf("halo %d", i)))
	}
	if answered != 10 {
		t.Errorf("a stranger was answered %d times", answered)
	}
}
