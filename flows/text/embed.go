package text

import "embed"

// Files are the texts and placeholders that the program is built with.
//
//go:embed *.yaml
var Files embed.FS
