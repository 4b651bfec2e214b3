package arch

import (
	"bytes"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// places of one machine. What a program of the system or a package of others prescribes is listed below.
var machine = regexp.MustCompile(`\.\./shared\b|(?:^|[^\w.$}/-])/(?:work|tmp|home|root|Users)/[\w.-]+`)

// prescribed are paths that somebody else's files hold.
var prescribed = []string{
	"/tmp" + "/fonts", // in the font settings of the npm package of Chromium, which scripts/browser rewrites
}

// alone finds files that lean on what lies outside the project.
func alone(tree fs.FS) (faults []string, err error) {
	err = walk(tree, func(name string) error {
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		if bytes.IndexByte(text[:min(len(text), 8000)], 0) >= 0 {
			return nil // not text
		}
		n := 0
		for line := range strings.Lines(string(text)) {
			n++
			for _, p := range prescribed {
				line = strings.ReplaceAll(line, p, "")
			}
			if found := machine.FindString(line); found != "" {
				faults = append(faults, fmt.Sprintf("%s:%d: speaks of %s, which other machines do not have", name, n, strings.TrimLeft(found, " \t\"'`(=:<>")))
			}
		}
		return nil
	})
	return faults, err
}
