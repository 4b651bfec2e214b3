package console

import "github.com/kabar-prokus/kabar/internal/prokus"

// Route is a row of the route table for tests outside the package.
type Route struct {
	Method, Path string
	Open         bool
	Roles        []prokus.Role
}
