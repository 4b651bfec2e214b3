package bot_test

import (
	"testing"

	"github.com/kabar-prokus/kabar/channels"
)

// A message that she edits after it was a report corrects that report; it is no second one (faults.md E9).
func TestE9AnEditedMessageIsACorrection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	siti := phones["Siti"]
	w.exec(`INSERT INTO address (person_id, kind, value, linked_at) SELECT person_id, 'telegram', '77001', $2 FROM address WHERE kind = 'phone' AND value = $1`, siti, w.clock())
	first := w.inbound("77001", channels.Telegram, "750rb")
	first.Channel = "telegram"
	w.handle(first)
	edit := w.inbound("77001", channels.Telegram, "800rb")
	edit.Channel, edit.Kind, edit.Ref = "telegram", channels.Edit, first.ID
	said := w.caused(w.handle(edit))
	if n := w.one(`SELECT count(*) FROM report`); n != 1 {
		t.Errorf("%d reports", n)
	}
	if len(said) == 0 {
		t.Error("she hears nothing of it")
	}
}
