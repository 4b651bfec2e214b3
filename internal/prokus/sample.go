package prokus

import "hash/fnv"

// sampleOf is the share of figures written down for somebody else that the coordinator asks her about: one in twenty.
const sampleOf = 20

// Sampled says whether a week's figure that an officer wrote down for the person with this code is one of those that are
// checked by a call (J7-SMS-04). The same week is always judged in the same way, so a repeat changes nothing.
func Sampled(code string, w Week) bool {
	h := fnv.New64a()
	_, _ = h.Write([]byte("wakil:" + code + ":" + w.String())) // a hash takes everything
	x := h.Sum64()
	x ^= x >> 33 // the low bits of FNV alone are close to each other for codes that are
	x *= 0xff51afd7ed558ccd
	return (x>>33)%sampleOf == 0
}
