package main

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"

	"github.com/kabar-prokus/kabar/internal/config"
	"github.com/kabar-prokus/kabar/internal/embedded"
	"github.com/kabar-prokus/kabar/internal/postgres"
)

// poolSize is how many connections a process holds: delivery works with fifty jobs at once, each in short transactions.
const poolSize = 24

type serveCmd struct{}

// Run works in production. Any number of replicas may run at once.
func (serveCmd) Run(o *outside) error {
	cfg, err := config.Load(o.getenv)
	if err = errors.Join(err, cfg.ForServe()); err != nil {
		return fmt.Errorf("configuration:\n%w", err)
	}
	if err := upToDate(o.ctx, cfg.DatabaseURL); err != nil {
		return err
	}
	db := &database{dsn: cfg.DatabaseURL}
	if err := db.connect(o.ctx, poolSize); err != nil {
		return err
	}
	defer db.close()
	db.Seal([]byte(cfg.Secret))
	p, err := assemble(o.ctx, o, cfg, db, false, nil)
	if err != nil {
		return err
	}
	p.tellChannels()
	return p.run(o.ctx, func(addr string) { fmt.Fprintf(o.out, "KABAR %s answers at http://%s/\n", version(), addr) })
}

// tellChannels says at start which channels are on and which are off.
func (p *program) tellChannels() {
	for _, c := range []struct {
		name, missing string
		on            bool
	}{
		{"Twilio", "TWILIO_ACCOUNT_SID", p.cfg.Twilio.On()},
		{"Telegram", "TELEGRAM_BOT_TOKEN", p.cfg.Telegram.On()},
		{"USSD", "KABAR_USSD_SECRET", p.cfg.USSD.On()},
		{"SMSGate", "SMSGATE_PHONES", p.cfg.SMSGatePhones != ""},
		{"Gateway", "GATEWAY_CONFIG", p.cfg.GatewayFile != ""},
		{"SMPP", "SMPP_ADDR", p.cfg.SMPP.On()},
	} {
		if c.on {
			fmt.Fprintf(p.out, "  %-9s on\n", c.name)
		} else {
			fmt.Fprintf(p.out, "  %-9s off (%s is not set)\n", c.name, c.missing)
		}
	}
}

type migrateCmd struct{ dataFlag }

// Run brings the schema and the reference data up, and says whose.
func (c *migrateCmd) Run(o *outside) error {
	cfg, err := config.Load(o.getenv)
	if err != nil {
		return fmt.Errorf("configuration:\n%w", err)
	}
	where, db := "DATABASE_URL", &database{dsn: cfg.DatabaseURL}
	if db.dsn == "" {
		where = mustAbs(c.Data)
		if db.server, err = startEmbedded(o.ctx, o, c.Data); err != nil {
			return err
		}
		db.dsn = db.server.URL(embedded.Database)
	}
	defer db.close()
	if err := db.bringUp(o.ctx, 2); err != nil {
		return err
	}
	have, _, err := postgres.Pending(o.ctx, db.dsn)
	if err != nil {
		return err
	}
	fmt.Fprintf(o.out, "schema version %d in %s\n", have, where)
	return nil
}

// crashAt kills the process at a point of delivery, as kill -9 would: `KABAR_CRASH_AT=before_send` proves what a crash
// between commit and send leaves behind. Without it there is no such point.
func crashAt(point string) func(string) {
	if point == "" {
		return nil
	}
	return func(at string) {
		if at == point {
			_ = kill(os.Getpid())
			select {}
		}
	}
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
