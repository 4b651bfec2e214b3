// Package chart draws pictures for chats: a few bars with their figures, readable on the small screen of an old phone. It
// knows nothing of people; what a picture says in words stands in its caption.
package chart

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Bars is a picture of one row of bars, as the outbox keeps it until it is drawn. Bars without a value are gaps: no report is
// not zero.
type Bars struct {
	Bars []Bar `json:"bars"`
}

// Bar is one bar: what stands below it, its value, and the value in words. Known is false for a gap.
type Bar struct {
	Below string `json:"below"`
	Value int64  `json:"value"`
	Above string `json:"above"`
	Known bool   `json:"known"`
}

// MaxBars is how many fit so that every label can be read.
const MaxBars = 8

// Size of a picture in pixels, and the lines that divide it. Telegram shows 800 pixels sharp on any phone.
const (
	width, height  = 800, 500
	margin         = 24
	baseline       = 430 // the bars stand on it
	top            = 80  // and end below it
	labelSize      = 24
	valueSize      = 26
	barShare       = 0.62 // of a column
	lineThick      = 3
	smallestBar    = 4
	dashLen, dashY = 10, 6
)

var (
	errBars = errors.New("chart: between one and eight bars with values that are not negative")
	paper   = color.RGBA{255, 255, 255, 255}
	ink     = color.RGBA{33, 37, 41, 255}
	grey    = color.RGBA{140, 146, 152, 255}
	blue    = color.RGBA{21, 96, 130, 255}
	green   = color.RGBA{22, 120, 70, 255}
)

// Draw makes the picture that a row of the outbox describes, as PNG.
func Draw(raw []byte) ([]byte, error) {
	var b Bars
	if err := json.Unmarshal(raw, &b); err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	return b.PNG()
}

// PNG draws the bars. The highest stands out; its height is the scale of all.
func (b Bars) PNG() ([]byte, error) {
	highest := int64(0)
	for _, x := range b.Bars {
		if x.Known && x.Value < 0 {
			return nil, errBars
		}
		highest = max(highest, x.Value)
	}
	if len(b.Bars) == 0 || len(b.Bars) > MaxBars {
		return nil, errBars
	}
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return nil, fmt.Errorf("chart: font: %w", err)
	}
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(img, img.Bounds(), image.NewUniform(paper), image.Point{}, draw.Src)
	fill(img, margin, baseline, width-margin, baseline+lineThick, ink)
	column := (width - 2*margin) / len(b.Bars)
	for i, x := range b.Bars {
		left := margin + i*column
		middle := left + column/2
		half := int(float64(column) * barShare / 2)
		if err := write(img, f, x.Below, middle, baseline+labelSize+14, labelSize, column-4, ink); err != nil {
			return nil, err
		}
		if !x.Known { // a dashed outline says: nothing was told
			for at := middle - half; at < middle+half; at += 2 * dashLen {
				fill(img, at, baseline-dashY, min(at+dashLen, middle+half), baseline-dashY+lineThick, grey)
			}
			continue
		}
		tall := smallestBar
		if highest > 0 {
			tall = max(smallestBar, int(x.Value*int64(baseline-top)/highest))
		}
		colour := blue
		if x.Value == highest && highest > 0 {
			colour = green
		}
		fill(img, middle-half, baseline-tall, middle+half, baseline, colour)
		if err := write(img, f, x.Above, middle, baseline-tall-12, valueSize, column-2, ink); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, img); err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	return out.Bytes(), nil
}

func fill(img *image.RGBA, x0, y0, x1, y1 int, c color.Color) {
	draw.Draw(img, image.Rect(x0, y0, x1, y1), image.NewUniform(c), image.Point{}, draw.Src)
}

// write puts a line of text in the middle of a column, smaller where it would leave it.
func write(img *image.RGBA, f *opentype.Font, s string, middle, y int, size float64, room int, c color.Color) error {
	for ; ; size-- {
		face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
		if err != nil {
			return fmt.Errorf("chart: %w", err)
		}
		d := font.Drawer{Dst: img, Src: image.NewUniform(c), Face: face}
		if w := d.MeasureString(s).Ceil(); w <= room || size <= labelSize/2 {
			d.Dot = fixed.P(middle-w/2, y)
			d.DrawString(s)
			return face.Close()
		}
		_ = face.Close()
	}
}
