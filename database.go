package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kabar-prokus/kabar/internal/config"
	"github.com/kabar-prokus/kabar/internal/embedded"
	"github.com/kabar-prokus/kabar/internal/postgres"
	"github.com/kabar-prokus/kabar/scheduler"
)

// dataFlag is where a command finds its database without DATABASE_URL.
type dataFlag struct {
	Data string `help:"Data directory of the PostgreSQL that starts by itself." env:"KABAR_DATA" default:"./var" type:"path"`
}

// database is an open database and what must be closed after it.
type database struct {
	*postgres.DB
	dsn    string
	server *embedded.Server // nil with DATABASE_URL
}

// openDatabase opens DATABASE_URL, whose schema must be up to date, or joins or starts the PostgreSQL of the data directory
// and brings its schema and reference data (areas, holidays) up.
func openDatabase(ctx context.Context, o *outside, dir string, maxConns int32) (*database, error) {
	cfg, err := config.Load(o.getenv)
	if err != nil {
		return nil, fmt.Errorf("configuration:\n%w", err)
	}
	d := &database{dsn: cfg.DatabaseURL}
	if d.dsn != "" {
		if err := upToDate(ctx, d.dsn); err != nil {
			return nil, err
		}
		return d, d.connect(ctx, maxConns)
	}
	if d.server, err = startEmbedded(ctx, o, dir); err != nil {
		return nil, err
	}
	d.dsn = d.server.URL(embedded.Database)
	if err := d.bringUp(ctx, maxConns); err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

// startEmbedded joins or starts the PostgreSQL of a data directory. What it has to say is always told: fetching a server, or
// putting the data elsewhere, must not look like a program that hangs.
func startEmbedded(ctx context.Context, o *outside, dir string) (*embedded.Server, error) {
	s, err := embedded.Start(ctx, embedded.Options{Dir: dir, Durable: true, Log: logger(o.err, slog.LevelInfo)})
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	return s, nil
}

// upToDate refuses a database of another schema: who runs several replicas migrates when he chooses.
func upToDate(ctx context.Context, dsn string) error {
	have, want, err := postgres.Pending(ctx, dsn)
	if err != nil {
		return err
	}
	switch {
	case have > want:
		return fmt.Errorf("the database's schema is version %d, this program knows %d only: use the newer program", have, want)
	case have < want:
		return fmt.Errorf("the database's schema is version %d, this program needs %d: run `kabar migrate` first", have, want)
	}
	return nil
}

// bringUp migrates, connects and loads the reference data.
func (d *database) bringUp(ctx context.Context, maxConns int32) error {
	if err := postgres.Migrate(ctx, d.dsn); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	if err := d.connect(ctx, maxConns); err != nil {
		return err
	}
	if err := d.LoadReference(ctx); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	return nil
}

// connect opens the pool.
func (d *database) connect(ctx context.Context, maxConns int32) error {
	cfg, err := pgxpool.ParseConfig(d.dsn)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	cfg.MaxConns = maxConns
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	if d.DB, err = postgres.Open(pool); err != nil {
		pool.Close()
		return fmt.Errorf("database: %w", err)
	}
	return nil
}

func (d *database) close() {
	if d.DB != nil {
		d.Pool().Close()
	}
	if d.server != nil {
		_ = d.server.Close() // the process ends, and the server with it
	}
}

// clock is the programme's clock in this database: a demo's runs from where it was set.
func (d *database) clock(ctx context.Context, o *outside) (*scheduler.Clock, error) {
	return scheduler.NewClock(ctx, o.now, d.Schedule())
}

// Keys that a demo keeps in its data directory for want of KABAR_NIK_KEY and KABAR_SECRET.
const nikKeyFile, secretKeyFile = "nik.key", "secret.key"

// keyOf is a key that must be the same for all who work on a database: what the setting says, or what the demo of the data
// directory keeps. Beside a DATABASE_URL none is made up: what is hashed with a key that nobody knows is never found again.
func keyOf(cfg config.Config, setting, set, dir, file string) ([]byte, error) {
	path := filepath.Join(dir, file)
	if _, err := os.Stat(path); set == "" && err != nil && cfg.DatabaseURL != "" {
		return nil, fmt.Errorf("%s is not set: it must be the one that `serve` has", setting)
	}
	return demoKey(set, path)
}

// demoKey is the setting, or what stands in the file, which is made if it is missing.
func demoKey(set, path string) ([]byte, error) {
	if set != "" {
		return []byte(set), nil
	}
	return secretFile(path)
}
