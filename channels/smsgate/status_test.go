package smsgate_test

import (
	"errors"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/smsgate"
)

func TestA3StatesAreMapped(t *testing.T) {
	for event, want := range map[string]channels.State{
		"sms:sent": channels.Accepted, "sms:delivered": channels.Delivered, "sms:failed": channels.Failed, "sms:cancelled": channels.Failed,
	} {
		w := newWorld(t)
		m := message(1, siti, "Halo")
		w.send(t, m, "")
		w.clock.add(time.Minute)
		if code := w.post(w.d.Told(tsel, m.ID, event, "Send result: RESULT_NO_MEMORY (…)")); code != 204 || len(w.st.Kept) != 1 {
			t.Fatalf("%s: answer %d", event, code)
		}
		got := w.st.Kept[0]
		if got.State != want || got.Message != m.ID || got.ProviderID != m.ID || got.Channel != "smsgate" || !got.At.Equal(now.Add(time.Minute)) {
			t.Errorf("%s: %+v", event, got)
		}
		if (got.State == channels.Failed) != (got.Code != "") {
			t.Errorf("%s: code %q", event, got.Code)
		}
	}
}

func TestB9ReasonsBecomeCodes(t *testing.T) {
	for reason, c := range map[string]struct {
		code string
		kind channels.ErrorKind
	}{
		"Send result: RESULT_ERROR_LIMIT_EXCEEDED (Failed because we reached the sending queue limit)": {"ERROR_LIMIT_EXCEEDED", channels.OutOfReach},
		"Send result: RESULT_ERROR_GENERIC_FAILURE (Generic failure cause)":                            {"ERROR_GENERIC_FAILURE", channels.OutOfReach},
		"Send result: RESULT_ERROR_RADIO_OFF (Failed because radio was explicitly turned off)":         {"ERROR_RADIO_OFF", channels.OutOfReach},
		"Send result: RESULT_INVALID_ARGUMENTS (Failed because of invalid arguments)":                  {"INVALID_ARGUMENTS", channels.Invalid},
		"Sending: Can't send message to +6281200000001: Invalid phone number":                          {"INVALID_NUMBER", channels.Invalid},
		"TTL expired":                                 {"TTL_EXPIRED", channels.OutOfReach},
		"Can't send message: No SIMs found":           {"NO_SIM", channels.OutOfReach},
		"java.lang.NullPointerException: +6281200000": {"OTHER", channels.OutOfReach},
		"": {"OTHER", channels.OutOfReach},
	} {
		w := newWorld(t)
		m := message(1, siti, "Halo")
		w.send(t, m, "")
		w.post(w.d.Told(tsel, m.ID, "sms:failed", reason))
		if len(w.st.Kept) != 1 || w.st.Kept[0].Code != c.code {
			t.Errorf("%q: %+v", reason, w.st.Kept)
		}
		if kind, ok := smsgate.KindOfCode(c.code); !ok || kind != c.kind {
			t.Errorf("%s is %s", c.code, kind)
		}
	}
	if _, ok := smsgate.KindOfCode(""); ok {
		t.Error("no code has a kind")
	}
}

// A delivery report that says "not arrived" is not believed: it would make the message go out twice.
func TestADeliveryReportChangesNothing(t *testing.T) {
	w := newWorld(t)
	m := message(1, siti, "Halo")
	w.send(t, m, "")
	for _, reason := range []string{"Delivery result from SC +62811000000: 70", "Delivery result: 1"} {
		if code := w.post(w.d.Told(tsel, m.ID, "sms:failed", reason)); code != 204 || len(w.st.Kept) != 0 {
			t.Errorf("%q: answer %d, %+v", reason, code, w.st.Kept)
		}
	}
	if w.Counts()["delivery_report"] != 2 {
		t.Errorf("%v", w.Counts())
	}
}

func TestA4WhatSomebodyElseSentByTheSamePhone(t *testing.T) {
	w := newWorld(t)
	for _, id := range []string{"zXDYfTmTVf3iMd16zzdBj", "1", message(1, "", "").ID + "-2"} {
		code := w.post(w.d.Event(tsel, "sms:sent", map[string]any{"messageId": id, "sentAt": now.Format(time.RFC3339)}))
		if code != 204 || len(w.st.Kept) != 0 {
			t.Errorf("%s: answer %d, %+v", id, code, w.st.Kept)
		}
	}
}

func TestA8MalformedAndA13NotKept(t *testing.T) {
	w := newWorld(t)
	id := message(1, "", "").ID
	for name, payload := range map[string]map[string]any{
		"no id": {"sentAt": now.Format(time.RFC3339)}, "no time": {"messageId": id}, "no zone": {"messageId": id, "sentAt": "2026-06-07T18:30:00"}, "a number": {"messageId": 7},
	} {
		if code := w.post(w.d.Event(tsel, "sms:sent", payload)); code != 400 || len(w.st.Kept) != 0 {
			t.Errorf("%s: answer %d", name, code)
		}
	}
	w.st.Err = errors.New("down")
	if code := w.post(w.d.Event(tsel, "sms:sent", map[string]any{"messageId": id, "sentAt": now.Format(time.RFC3339)})); code != 503 {
		t.Errorf("answer %d", code)
	}
}
