package telegram

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/kabar-prokus/kabar/channels"
)

const (
	chatJSON  = `"chat":{"id":4711,"type":"private","first_name":"Siti_*[</b>"}`
	fromJSON  = `"from":{"id":4711,"is_bot":false,"first_name":"Siti_*[</b>","language_code":"id"}`
	headJSON  = `"message_id":9,"date":1780860600,` + chatJSON + `,` + fromJSON
	groupJSON = `"message_id":9,"date":1780860600,"chat":{"id":-100200,"type":"supergroup","title":"Ibu-ibu"},` + fromJSON
)

var sentAt = time.Unix(1780860600, 0).UTC()

// in is what every inbound of these tests has in common.
func in(kind channels.InboundKind, id string) channels.Inbound {
	return channels.Inbound{
		Channel: "telegram", Via: channels.Telegram, From: "4711", To: "700100", Kind: kind, ID: id, Language: "id",
		SentAt: sentAt, ReceivedAt: time.Date(2026, 6, 7, 18, 30, 0, 0, time.UTC),
	}
}

func with(i channels.Inbound, f func(*channels.Inbound)) *channels.Inbound { f(&i); return &i }

// TestDecode holds every kind of update of the Bot API.
func TestDecode(t *testing.T) {
	text := func(id, clean, raw string) *channels.Inbound {
		return with(in(channels.Text, id), func(i *channels.Inbound) { i.Text, i.Raw = clean, []byte(raw) })
	}
	contact := func(phone string, own bool) *channels.Inbound {
		return with(in(channels.Contact, "m:4711:9"), func(i *channels.Inbound) { i.Phone, i.OwnPhone = phone, own })
	}
	media := func(kind, handle, caption string) *channels.Inbound {
		return with(in(channels.Media, "m:4711:9"), func(i *channels.Inbound) {
			i.Media, i.MediaKind, i.Text = handle, kind, caption
			if caption != "" {
				i.Raw = []byte(caption)
			}
		})
	}
	tap := func(data, ref string) *channels.Inbound {
		return with(in(channels.Choice, "c:438"), func(i *channels.Inbound) { i.Choice, i.Ref, i.SentAt = data, ref, time.Time{} })
	}
	other := func() *channels.Inbound { i := in(channels.Other, "m:4711:9"); return &i }

	for _, c := range []struct {
		name, body string
		want       *channels.Inbound
		tap        string
		exit       int64
	}{
		{"a text", `"message":{` + headJSON + `,"text":"jual 750rb"}`, text("m:4711:9", "jual 750rb", "jual 750rb"), "", 0},
		{"a command with our name", `"message":{` + headJSON + `,"text":"/status@KabarProkusBot"}`,
			text("m:4711:9", "/status", "/status@KabarProkusBot"), "", 0},
		{"a command with a name and words", `"message":{` + headJSON + `,"text":"/jual@KabarProkusBot 750rb a@b"}`,
			text("m:4711:9", "/jual 750rb a@b", "/jual@KabarProkusBot 750rb a@b"), "", 0},
		{"a deep link", `"message":{` + headJSON + `,"text":"/start k7Qm2Zt9vB4xR1nL8pWc3A"}`,
			text("m:4711:9", "/start k7Qm2Zt9vB4xR1nL8pWc3A", "/start k7Qm2Zt9vB4xR1nL8pWc3A"), "", 0},
		{"an address in a text", `"message":{` + headJSON + `,"text":"surat@contoh.id"}`,
			text("m:4711:9", "surat@contoh.id", "surat@contoh.id"), "", 0},
		{"NUL, a lone surrogate and a turned direction", `"message":{` + headJSON + `,"text":"a\u0000b\ud800c\u202ed"}`,
			text("m:4711:9", "ab\uFFFDcd", "a\x00b\uFFFDc\u202ed"), "", 0},

		{"a pressed button", `"callback_query":{"id":"438",` + fromJSON + `,"chat_instance":"1","data":"lapor:libur","message":{` + headJSON + `}}`,
			tap("lapor:libur", "9"), "438", 0},
		{"a button of a message that is too old to be shown", `"callback_query":{"id":"438",` + fromJSON + `,"data":"x","message":{"message_id":9,"date":0,` + chatJSON + `}}`,
			tap("x", "9"), "438", 0},
		{"a button without its message", `"callback_query":{"id":"438",` + fromJSON + `,"data":"x"}`, tap("x", ""), "438", 0},
		{"forged data of 65 bytes", `"callback_query":{"id":"438",` + fromJSON + `,"data":"` + strings.Repeat("x", 65) + `"}`, tap("", ""), "438", 0},
		{"a button in a group", `"callback_query":{"id":"438",` + fromJSON + `,"data":"x","message":{` + groupJSON + `}}`, nil, "438", -100200},
		{"a game", `"callback_query":{"id":"438",` + fromJSON + `,"game_short_name":"x"}`, nil, "438", 0},

		{"her own contact", `"message":{` + headJSON + `,"contact":{"phone_number":"6281234567417","first_name":"Siti","user_id":4711}}`, contact("+6281234567417", true), "", 0},
		{"her own contact with a plus", `"message":{` + headJSON + `,"contact":{"phone_number":"+62 812-3456-7417","first_name":"Siti","user_id":4711}}`, contact("+6281234567417", true), "", 0},
		{"somebody else's contact", `"message":{` + headJSON + `,"contact":{"phone_number":"+62811999888","first_name":"Ani","user_id":4712}}`, contact("+62811999888", false), "", 0},
		{"a contact from her address book", `"message":{` + headJSON + `,"contact":{"phone_number":"0811 999 888","first_name":"Ani"}}`, contact("+62811999888", false), "", 0},
		{"a contact without a number", `"message":{` + headJSON + `,"contact":{"phone_number":"tidak ada","first_name":"Ani","user_id":4711}}`, contact("", false), "", 0},

		{"a photo in three sizes", `"message":{` + headJSON + `,"caption":"kompor meledak","photo":[{"file_id":"s","width":90,"height":67},{"file_id":"l","width":1280,"height":960},{"file_id":"m","width":320,"height":240}]}`, media("photo", "l", "kompor meledak"), "", 0},
		{"a voice note", `"message":{` + headJSON + `,"voice":{"file_id":"v","duration":12}}`, media("voice", "v", ""), "", 0},
		{"a sound file", `"message":{` + headJSON + `,"audio":{"file_id":"v","duration":12}}`, media("voice", "v", ""), "", 0},
		{"a document", `"message":{` + headJSON + `,"document":{"file_id":"d"}}`, media("document", "d", ""), "", 0},
		{"a video", `"message":{` + headJSON + `,"video":{"file_id":"f"}}`, media("video", "f", ""), "", 0},
		{"a round video", `"message":{` + headJSON + `,"video_note":{"file_id":"f"}}`, media("video", "f", ""), "", 0},

		{"a moving picture", `"message":{` + headJSON + `,"animation":{"file_id":"g"},"document":{"file_id":"g"}}`, other(), "", 0},
		{"a sticker", `"message":{` + headJSON + `,"sticker":{"file_id":"s"}}`, other(), "", 0},
		{"a place", `"message":{` + headJSON + `,"location":{"latitude":-6.8,"longitude":108.2}}`, other(), "", 0},
		{"a venue", `"message":{` + headJSON + `,"venue":{"location":{},"title":"Pasar","address":""}}`, other(), "", 0},
		{"a poll", `"message":{` + headJSON + `,"poll":{"id":"1","question":"?"}}`, other(), "", 0},
		{"a die", `"message":{` + headJSON + `,"dice":{"emoji":"🎲","value":3}}`, other(), "", 0},
		{"a story", `"message":{` + headJSON + `,"story":{"id":1,` + chatJSON + `}}`, other(), "", 0},
		{"something that does not exist yet", `"message":{` + headJSON + `,"hologram":{"id":1}}`, other(), "", 0},
		{"a text forwarded from something that does not exist yet", `"message":{` + headJSON + `,"text":"halo","forward_origin":{"type":"hologram"}}`, text("m:4711:9", "halo", "halo"), "", 0},

		{"a pinned message", `"message":{` + headJSON + `,"pinned_message":{` + headJSON + `,"text":"x"}}`, nil, "", 0},
		{"a bot", `"message":{"message_id":9,"date":1780860600,` + chatJSON + `,"from":{"id":4711,"is_bot":true,"first_name":"Bot"},"text":"x"}`, nil, "", 0},
		{"a message of nobody", `"message":{"message_id":9,"date":1780860600,` + chatJSON + `,"text":"x"}`, nil, "", 0},

		{"an edit", `"edited_message":{` + headJSON + `,"edit_date":1780860660,"text":"jual 570rb"}`,
			with(in(channels.Edit, "e:4711:9:1780860660"), func(i *channels.Inbound) {
				i.Text, i.Raw, i.Ref, i.SentAt = "jual 570rb", []byte("jual 570rb"), "9", sentAt.Add(time.Minute)
			}), "", 0},
		{"a place that moves", `"edited_message":{` + headJSON + `,"edit_date":1780860660,"location":{"latitude":-6.8,"longitude":108.2}}`, nil, "", 0},
		{"an edit in a group", `"edited_message":{` + groupJSON + `,"edit_date":1,"text":"x"}`, nil, "", -100200},

		{"she blocks the bot", `"my_chat_member":{` + chatJSON + `,` + fromJSON + `,"date":1780860600,"old_chat_member":{"status":"member"},"new_chat_member":{"status":"kicked"}}`,
			with(in(channels.Blocked, "s:4711:1780860600:kicked"), func(*channels.Inbound) {}), "", 0},
		{"she left", `"my_chat_member":{` + chatJSON + `,` + fromJSON + `,"date":1780860600,"old_chat_member":{"status":"member"},"new_chat_member":{"status":"left"}}`,
			with(in(channels.Blocked, "s:4711:1780860600:left"), func(*channels.Inbound) {}), "", 0},
		{"she takes it back", `"my_chat_member":{` + chatJSON + `,` + fromJSON + `,"date":1780860600,"old_chat_member":{"status":"kicked"},"new_chat_member":{"status":"member"}}`,
			with(in(channels.Unblocked, "s:4711:1780860600:member"), func(*channels.Inbound) {}), "", 0},
		{"added to a group", `"my_chat_member":{"chat":{"id":-5,"type":"group"},` + fromJSON + `,"date":1,"old_chat_member":{"status":"left"},"new_chat_member":{"status":"member"}}`, nil, "", -5},
		{"made administrator of a channel", `"my_chat_member":{"chat":{"id":-100300,"type":"channel"},` + fromJSON + `,"date":1,"old_chat_member":{"status":"left"},"new_chat_member":{"status":"administrator"}}`, nil, "", -100300},
		{"thrown out of a group", `"my_chat_member":{"chat":{"id":-5,"type":"group"},` + fromJSON + `,"date":1,"old_chat_member":{"status":"member"},"new_chat_member":{"status":"kicked"}}`, nil, "", 0},

		{"a text in a group", `"message":{` + groupJSON + `,"text":"status"}`, nil, "", -100200},
		{"our own leaving, told to the group", `"message":{` + groupJSON + `,"left_chat_member":{"id":700100,"is_bot":true,"first_name":"KABAR"}}`, nil, "", 0},
		{"a channel post", `"channel_post":{"message_id":1,"date":1,"chat":{"id":-100300,"type":"channel"},"text":"x"}`, nil, "", -100300},
		{"an edited channel post", `"edited_channel_post":{"message_id":1,"date":1,"chat":{"id":-100300,"type":"channel"},"text":"x"}`, nil, "", -100300},

		{"an inline query", `"inline_query":{"id":"1",` + fromJSON + `,"query":"x","offset":""}`, nil, "", 0},
		{"a chosen inline result", `"chosen_inline_result":{"result_id":"1",` + fromJSON + `,"query":"x"}`, nil, "", 0},
		{"a shipping query", `"shipping_query":{"id":"1",` + fromJSON + `}`, nil, "", 0},
		{"a pre-checkout query", `"pre_checkout_query":{"id":"1",` + fromJSON + `}`, nil, "", 0},
		{"paid media", `"purchased_paid_media":{` + fromJSON + `}`, nil, "", 0},
		{"a poll on its own", `"poll":{"id":"1","question":"?"}`, nil, "", 0},
		{"a poll answer", `"poll_answer":{"poll_id":"1","option_ids":[0]}`, nil, "", 0},
		{"a reaction", `"message_reaction":{` + chatJSON + `,"message_id":1,"date":1,"old_reaction":[],"new_reaction":[]}`, nil, "", 0},
		{"counted reactions", `"message_reaction_count":{` + chatJSON + `,"message_id":1,"date":1,"reactions":[]}`, nil, "", 0},
		{"another's membership", `"chat_member":{` + chatJSON + `,` + fromJSON + `,"date":1,"old_chat_member":{"status":"left"},"new_chat_member":{"status":"member"}}`, nil, "", 0},
		{"a wish to join", `"chat_join_request":{"chat":{"id":-5,"type":"group"},` + fromJSON + `,"user_chat_id":1,"date":1}`, nil, "", 0},
		{"a boost", `"chat_boost":{"chat":{"id":-5,"type":"group"}}`, nil, "", 0},
		{"a removed boost", `"removed_chat_boost":{"chat":{"id":-5,"type":"group"}}`, nil, "", 0},
		{"a business connection", `"business_connection":{"id":"1"}`, nil, "", 0},
		{"a business message", `"business_message":{` + headJSON + `,"text":"x"}`, nil, "", 0},
		{"an edited business message", `"edited_business_message":{` + headJSON + `,"text":"x"}`, nil, "", 0},
		{"deleted business messages", `"deleted_business_messages":{"business_connection_id":"1",` + chatJSON + `,"message_ids":[1]}`, nil, "", 0},
		{"a kind that does not exist yet", `"telepathy":{` + fromJSON + `}`, nil, "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			u, err := w.decode([]byte(`{"update_id":501,` + c.body + `}`))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, u.in); diff != "" {
				t.Errorf("inbound (-want +got):\n%s", diff)
			}
			if u.tap != c.tap || u.exit != c.exit || u.id != 501 {
				t.Errorf("tap %q exit %d id %d, want %q %d 501", u.tap, u.exit, u.id, c.tap, c.exit)
			}
		})
	}
}

func TestDecodeRefusesWhatIsNoUpdate(t *testing.T) {
	w := newWorld(t)
	for _, body := range []string{
		"", "{", "null", "[]", `"x"`, "1", "{}", `{"update_id":"x"}`, `{"update_id":0}`, `{"update_id":-3}`,
		`{"update_id":1,"message":"x"}`, "{\"update_id\":1}\x00", `{"update_id":1}{"update_id":2}`,
	} {
		if _, err := w.decode([]byte(body)); err == nil {
			t.Errorf("%q was taken", body)
		}
	}
}

// The key of a message must not hang on update_id, which starts anywhere after a silent week (faults.md E1).
func TestE1TheKeyOutlivesUpdateIDs(t *testing.T) {
	w := newWorld(t)
	keys := map[string]bool{}
	for _, id := range []int{500, 501, 499, 7} {
		u, err := w.decode(fmt.Appendf(nil, `{"update_id":%d,"message":{%s,"text":"halo"}}`, id, headJSON))
		if err != nil {
			t.Fatal(err)
		}
		keys[u.in.ID] = true
	}
	if len(keys) != 1 {
		t.Errorf("one message has %d keys", len(keys))
	}
}

func FuzzDecode(f *testing.F) {
	for _, body := range []string{
		`"message":{` + headJSON + `,"text":"/jual@KabarProkusBot 750rb"}`,
		`"message":{` + headJSON + `,"contact":{"phone_number":"6281234567417","user_id":4711}}`,
		`"message":{` + headJSON + `,"text":"a\u0000\ud800\u202e"}`,
		`"message":{` + headJSON + `,"text":"x","forward_origin":{"type":"hologram"}}`,
		`"callback_query":{"id":"438",` + fromJSON + `,"data":"x","message":null}`,
		`"edited_message":{` + headJSON + `,"edit_date":1780860660,"caption":"x"}`,
		`"my_chat_member":{` + chatJSON + `,` + fromJSON + `,"date":1,"new_chat_member":{"status":"kicked"}}`,
	} {
		f.Add([]byte(`{"update_id":501,` + body + `}`))
	}
	a, err := New(Config{Token: testToken, Now: func() time.Time { return sentAt }}, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		u, err := a.decode(body)
		if err != nil || u.in == nil {
			return
		}
		if !json.Valid(body) {
			t.Error("taken without being JSON")
		}
		i := u.in
		for _, s := range []string{i.ID, i.Text, i.Choice, i.Ref, i.Phone, i.Language, i.From} {
			if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
				t.Errorf("%q cannot be stored", s)
			}
		}
		if i.ID == "" || i.Kind == "" || i.Channel == "" || strings.HasPrefix(i.From, "-") || i.From == "0" {
			t.Errorf("not a person's: %+v", i)
		}
		if utf8.RuneCountInString(i.Text) > maxText || len(i.Choice) > maxData {
			t.Error("too long")
		}
		if i.OwnPhone && (i.Phone == "" || i.Kind != channels.Contact) {
			t.Error("a proof without a number")
		}
	})
}
