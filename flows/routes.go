package flows

import (
	"strings"

	"github.com/kabar-prokus/kabar/flows/internal/source"
)

const routesFile = "routes.yaml"

// Roles of routes.yaml. A role that begins with ussd is at home on USSD, and
// the unknown ones are numbers that belong to nobody we know. On a shared number
// nobody has been named yet; a doubted one has to prove whose it is.
var roles = []string{"beneficiary", "tksk", "mentor", "coordinator", "unknown", "shared", "doubted", "ussd_beneficiary", "ussd_tksk", "ussd_unknown",
	"ussd_shared", "ussd_doubted"}

// known reports whether a role is somebody we know by name.
func known(role string) bool {
	switch strings.TrimPrefix(role, "ussd_") {
	case "unknown", "shared", "doubted":
		return false
	}
	return true
}

func (b *Book) readRoutes(p *source.Page, root source.Node) {
	for _, role := range p.Fields(root, "the routes", roles...) {
		words := map[string]link{}
		for _, w := range p.Fields(role.Value, role.Key) {
			ref := p.Word(w.Value, w.Key)
			if ref != "" && !strings.Contains(ref, "#") {
				p.Fault(w.Line, "%s leads to %q, which is no flow#step", w.Key, ref)
			}
			words[w.Key] = link{ref, w.Line}
		}
		b.routes[role.Key] = words
	}
}
