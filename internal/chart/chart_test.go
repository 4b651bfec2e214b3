package chart_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"testing"

	"github.com/kabar-prokus/kabar/internal/chart"
)

func decode(t *testing.T, b []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func isPaper(c color.Color) bool {
	r, g, b, _ := c.RGBA()
	return r == 0xffff && g == 0xffff && b == 0xffff
}

// tall is how many pixels of the middle of the n-th of columns are a bar.
func tall(img image.Image, n, columns int) (pixels int) {
	column := (800 - 48) / columns
	for y := 429; y > 0 && !isPaper(img.At(24+n*column+column/2, y)); y-- {
		pixels++
	}
	return pixels
}

func TestBarsAreAsHighAsTheirValues(t *testing.T) {
	raw, err := json.Marshal(chart.Bars{Bars: []chart.Bar{
		{Below: "18 Mei", Value: 350_000, Above: "350 rb", Known: true}, {Below: "25 Mei"},
		{Below: "1 Jun", Value: 700_000, Above: "700 rb", Known: true}, {Below: "8 Jun", Value: 0, Above: "0", Known: true},
	}})
	if err != nil {
		t.Fatal(err)
	}
	pic, err := chart.Draw(raw)
	if err != nil {
		t.Fatal(err)
	}
	img := decode(t, pic)
	if img.Bounds().Dx() != 800 || len(pic) > 40<<10 {
		t.Errorf("%d pixels wide, %d bytes: more than an old phone loads at once", img.Bounds().Dx(), len(pic))
	}
	if a, b := tall(img, 0, 4), tall(img, 2, 4); a != 175 || b != 350 {
		t.Errorf("bars of 350 and 700 thousand are %d and %d pixels, want 175 and 350", a, b)
	}
	if gap, zero := tall(img, 1, 4), tall(img, 3, 4); gap != 0 || zero != 4 {
		t.Errorf("a week without a report is %d pixels, a week without sales %d; want 0 and 4", gap, zero)
	}
}

func TestDrawRefuses(t *testing.T) {
	for name, raw := range map[string]string{
		"no bars": `{}`, "nine bars": `{"bars":[{},{},{},{},{},{},{},{},{}]}`, "below zero": `{"bars":[{"value":-1,"known":true}]}`, "no JSON": `bars`,
	} {
		if _, err := chart.Draw([]byte(raw)); err == nil {
			t.Errorf("%s: drawn", name)
		}
	}
}

func FuzzDraw(f *testing.F) {
	f.Add([]byte(`{"bars":[{"below":"1 Jun","value":99999999,"above":"99.999 rb","known":true}]}`))
	f.Add([]byte(`{"bars":[{"known":true},{"value":5}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if pic, err := chart.Draw(raw); err == nil {
			decode(t, pic)
		}
	})
}
