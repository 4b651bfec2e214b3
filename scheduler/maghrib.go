package scheduler

import (
	"math"
	"time"
)

// Each zone is judged at a place in its middle, degrees east and south; inside a zone sunset differs by some minutes.
var middles = map[int]struct{ lat, lon float64 }{
	7 * 3600: {-7.0, 109.0}, 8 * 3600: {-5.1, 119.4}, 9 * 3600: {-3.0, 136.0},
}

// maghrib is sunset on t's day in t's zone, by the usual approximation (good to two or three minutes).
func maghrib(t time.Time) (time.Time, bool) {
	_, offset := t.Zone()
	at, ok := middles[offset]
	if !ok {
		return time.Time{}, false
	}
	const rad = math.Pi / 180
	day := 2 * math.Pi * float64(t.YearDay()-81) / 365
	declination := 23.45 * math.Sin(day) * rad
	equation := 9.87*math.Sin(2*day) - 7.53*math.Cos(day) - 1.5*math.Sin(day) // minutes
	cosine := (math.Sin(-0.833*rad) - math.Sin(at.lat*rad)*math.Sin(declination)) / (math.Cos(at.lat*rad) * math.Cos(declination))
	half := math.Acos(cosine) / rad * 4 // minutes from noon to sunset
	noon := 720 + 4*(float64(offset)/240-at.lon) - equation
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location()).Add(time.Duration((noon + half) * float64(time.Minute))), true
}

// afterMaghrib says whether t lies in the pause that begins with sunset, and when that is over (R07).
func afterMaghrib(t time.Time, pause time.Duration) (time.Time, bool) {
	sunset, ok := maghrib(t)
	if !ok || t.Before(sunset) || !t.Before(sunset.Add(pause)) {
		return time.Time{}, false
	}
	return sunset.Add(pause), true
}
