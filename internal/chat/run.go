package chat

import "context"

func run(ctx context.Context, _ Options) error { return ctx.Err() }
