package flows

import "embed"

// Files are the flows and routes that the program is built with.
//
//go:embed *.yaml
var Files embed.FS
