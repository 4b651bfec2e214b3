//go:build ignore

// Generate writes areas.tsv.gz from the CSV files of the npm package idn-area-data (ODbL):
//
//	npm pack idn-area-data && tar xzf idn-area-data-*.tgz && go run generate.go package/data
package main

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: go run generate.go DIRECTORY")
	}
	var lines []string
	for _, r := range rows("provinces.csv") {
		lines = append(lines, r[0]+"\t"+province(r[1]))
	}
	for _, r := range rows("regencies.csv") {
		lines = append(lines, r[0]+"\t"+regency(r[2]))
	}
	for _, r := range rows("districts.csv") {
		lines = append(lines, r[0]+"\t"+strings.Join(strings.Fields(r[2]), " "))
	}
	slices.Sort(lines) // a parent's code is a prefix of its children's
	out, err := os.Create("areas.tsv.gz")
	if err != nil {
		log.Fatal(err)
	}
	zip, err := gzip.NewWriterLevel(out, gzip.BestCompression)
	if err != nil {
		log.Fatal(err)
	}
	w := bufio.NewWriter(zip)
	for _, l := range lines {
		fmt.Fprintln(w, l)
	}
	if err := w.Flush(); err != nil {
		log.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		log.Fatal(err)
	}
	if err := out.Close(); err != nil {
		log.Fatal(err)
	}
}

func rows(name string) [][]string {
	f, err := os.Open(filepath.Join(os.Args[1], name))
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		log.Fatal(err)
	}
	return all[1:]
}

func province(s string) string {
	switch s {
	case "DKI JAKARTA":
		return "DKI Jakarta"
	case "DAERAH ISTIMEWA YOGYAKARTA":
		return "DI Yogyakarta"
	}
	return title(s)
}

// regency names a kabupaten by its bare name and a kota with "Kota", as offices speak of them.
func regency(s string) string {
	for _, p := range []string{"KABUPATEN ADMINISTRASI ", "KOTA ADMINISTRASI ", "KABUPATEN "} {
		if rest, ok := strings.CutPrefix(s, p); ok {
			return title(rest)
		}
	}
	return title(s)
}

func title(s string) string {
	words := strings.Fields(strings.ToLower(s))
	for i, w := range words {
		for j, part := range strings.Split(w, "-") {
			part = strings.ToUpper(part[:1]) + part[1:]
			if j == 0 {
				words[i] = part
			} else {
				words[i] += "-" + part
			}
		}
	}
	return strings.Join(words, " ")
}
