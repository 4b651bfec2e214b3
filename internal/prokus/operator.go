package prokus

import "strings"

// Operator is a mobile network. Numbers cannot be ported between networks in Indonesia, so a number's prefix names its
// operator for good, and a SIM of the same operator reaches it most cheaply.
type Operator string

// The operators (programme.md 3).
const (
	Telkomsel Operator = "telkomsel"
	Indosat   Operator = "indosat"
	Tri       Operator = "tri"
	XL        Operator = "xl"
	Axis      Operator = "axis"
	Smartfren Operator = "smartfren"
)

// Operators are all of them.
func Operators() []Operator { return []Operator{Telkomsel, Indosat, Tri, XL, Axis, Smartfren} }

// OperatorOf tells whose number it is, by its prefix: 0811 is +62 811. It is empty for numbers of no known network.
func OperatorOf(p Phone) Operator {
	n, ok := strings.CutPrefix(string(p), "+62")
	if !ok || len(n) < 3 {
		return ""
	}
	switch n[:3] {
	case "811", "812", "813", "821", "822", "823", "851", "852", "853":
		return Telkomsel
	case "814", "815", "816", "855", "856", "857", "858":
		return Indosat
	case "895", "896", "897", "898", "899":
		return Tri
	case "817", "818", "819", "859", "877", "878":
		return XL
	case "831", "832", "833", "838":
		return Axis
	case "881", "882", "883", "884", "885", "886", "887", "888", "889":
		return Smartfren
	}
	return ""
}
