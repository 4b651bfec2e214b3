package embedded

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// npmVersion is the release of @embedded-postgres that is fetched, and npmSums the sha512 of its archives.
const npmVersion = "18.4.0-beta.17"

var npmSums = map[string]string{
	"linux-x64":    "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
	"linux-arm64":  "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
	"darwin-x64":   "4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
	"darwin-arm64": "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
}

// platform is npm's name for this machine.
func platform() string {
	return runtime.GOOS + "-" + strings.Replace(runtime.GOARCH, "amd64", "x64", 1)
}

func npmName() string { return "pg-npm-" + npmVersion + "-" + platform() }

// fetchNpm has the npm client pack the archive, checks it against our own sum and unpacks it into root.
func fetchNpm(ctx context.Context, root string) error {
	want, ok := npmSums[platform()]
	if !ok {
		return fmt.Errorf("no package for %s", platform())
	}
	dir := filepath.Dir(root)
	if _, err := run(ctx, dir, "npm", "pack", "--silent", "@embedded-postgres/"+platform()+"@"+npmVersion); err != nil {
		return err
	}
	found, _ := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if len(found) != 1 {
		return fmt.Errorf("npm pack left %d archives instead of one", len(found))
	}
	archive, err := os.ReadFile(found[0])
	if err != nil {
		return err
	}
	if sum := sha512.Sum512(archive); base64.StdEncoding.EncodeToString(sum[:]) != want {
		return errors.New("the archive is not the one we know: wrong sha512")
	}
	if err := untar(bytes.NewReader(archive), "package/native/", root); err != nil {
		return fmt.Errorf("unpacking: %w", err)
	}
	return linkLibraries(root)
}

// untar unpacks the regular files below prefix into root and nothing outside it.
func untar(archive io.Reader, prefix, root string) error {
	z, err := gzip.NewReader(archive)
	if err != nil {
		return err
	}
	box, err := os.OpenRoot(root)
	if err != nil {
		return err
	}
	defer box.Close()
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name, ok := strings.CutPrefix(h.Name, prefix)
		if !ok || h.Typeflag != tar.TypeReg {
			continue
		}
		if err := box.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		f, err := box.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, h.FileInfo().Mode().Perm()|0o444)
		if err != nil {
			return err
		}
		_, err = io.Copy(f, r)
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
}

// linkLibraries makes the links that an npm archive cannot hold; the package lists them for its post-install step.
func linkLibraries(root string) error {
	b, err := os.ReadFile(filepath.Join(root, "pg-symlinks.json"))
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(b, &links); err != nil {
		return err
	}
	box, err := os.OpenRoot(root)
	if err != nil {
		return err
	}
	defer box.Close()
	for _, l := range links {
		source, target := strings.TrimPrefix(l.Source, "native/"), strings.TrimPrefix(l.Target, "native/")
		source, err := filepath.Rel(filepath.Dir(target), source)
		if err != nil {
			return err
		}
		if err := box.Symlink(source, target); err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
	}
	return nil
}
