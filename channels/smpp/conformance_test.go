package smpp

import (
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/channelstest"
	"github.com/kabar-prokus/kabar/internal/fake"
)

func TestConformance(t *testing.T) {
	channelstest.Run(t, channelstest.Case{Name: "smpp", Out: &channelstest.Out{
		Message: channels.Outbound{
			To: siti, Via: channels.SMS, Kind: "reply", Text: "Terima kasih, catatan sudah masuk", At: start, Before: start.Add(time.Hour),
		},
		Start: func(t testing.TB) (channels.Sender, channelstest.Provider) {
			l := bound(t, func(c *Config) { c.Patience = 500 * time.Millisecond })
			return l.Adapter, channelstest.Provider{
				Calls:    l.smsc.Calls,
				Accepted: func(m channels.Outbound) int { return l.smsc.Count(m.To, m.Text) },
				Play: func(t testing.TB, f channelstest.Fault) bool {
					switch f {
					case channelstest.BadNumber:
						l.smsc.Fail(1, fake.SMSCBadNumber)
					case channelstest.Unavailable:
						l.smsc.Fail(1, fake.SMSCSystemError)
					case channelstest.BadCredentials:
						l.smsc.RefuseBind(fake.SMSCBadPassword)
						binds := l.smsc.Binds()
						l.smsc.Cut()
						until(t, "the bind is refused", func() bool { return l.smsc.Binds() > binds && l.Counts()["bind_refused"] > 0 })
					case channelstest.LostAnswer:
						l.smsc.Drop(1, true)
					case channelstest.NoAnswer:
						l.smsc.Hang(1, false)
					case channelstest.Down:
						l.smsc.Stop()
						until(t, "the loss is noticed", func() bool { return l.Health() != nil })
					default: // SMPP tells no time to wait (see TestG1), no opt-out and no handset that is off
						return false
					}
					return true
				},
			}
		},
	}})
}
