package main

import (
	"slices"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels/smpp"
	"github.com/kabar-prokus/kabar/internal/config"
)

func TestSettingsOfAMessageCentre(t *testing.T) {
	c := smppConfig(config.SMPP{Addr: "smsc.example:2775", SystemID: "kabar", Window: "25", Enquire: "7", Long: "sar", ReceiptIDs: "dec"})
	if c.Window != 25 || c.EnquireEvery != 7*time.Second || c.Long != smpp.LongSAR || c.ReceiptIDs != smpp.IDsDecimal {
		t.Errorf("%+v", c)
	}
	if c := smppConfig(config.SMPP{Addr: "smsc.example:2775", SystemID: "kabar"}); c.Window != 0 || c.EnquireEvery != 0 || c.Long != "" || c.ReceiptIDs != "" {
		t.Errorf("what is not set is the adapter's to choose: %+v", c)
	}
	if got := listOf(" +62811, ,+62812"); !slices.Equal(got, []string{"+62811", "+62812"}) {
		t.Errorf("%q", got)
	}
}
