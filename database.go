package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/jackc/pgx/v5/pgxpool"

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

// openDatabase joins or starts the PostgreSQL of the data directory, or takes DATABASE_URL, and brings the schema and the
// reference data (areas, holidays) up.
func openDatabase(ctx context.Context, o *outside, dir string, maxConns int32) (*database, error) {
	d := &database{dsn: o.getenv("DATABASE_URL")}
	if d.dsn == "" {
		s, err := embedded.Start(ctx, embedded.Options{Dir: dir, Durable: true, Log: o.log})
		if err != nil {
			return nil, fmt.Errorf("database: %w", err)
		}
		d.server, d.dsn = s, s.URL(embedded.Database)
	}
	if err := postgres.Migrate(ctx, d.dsn); err != nil {
		d.close()
		return nil, fmt.Errorf("database: %w", err)
	}
	if err := d.connect(ctx, maxConns); err != nil {
		d.close()
		return nil, err
	}
	if err := d.LoadReference(ctx); err != nil {
		d.close()
		return nil, fmt.Errorf("database: %w", err)
	}
	return d, nil
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

// nikKey is the key of NIK fingerprints. The demo, and commands that join it, keep one in the data directory.
func nikKey(o *outside, dir string) ([]byte, error) {
	if k := o.getenv("KABAR_NIK_KEY"); k != "" {
		return []byte(k), nil
	}
	return secretFile(filepath.Join(dir, "nik.key"))
}
