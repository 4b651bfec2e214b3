package prokus

import (
	"fmt"
	"slices"
	"testing"
)

func TestAPrefixNamesItsOperator(t *testing.T) {
	want := map[Operator][]int{
		Telkomsel: {811, 812, 813, 821, 822, 823, 851, 852, 853},
		Indosat:   {814, 815, 816, 855, 856, 857, 858},
		Tri:       {895, 896, 897, 898, 899},
		XL:        {817, 818, 819, 859, 877, 878},
		Axis:      {831, 832, 833, 838},
		Smartfren: {881, 882, 883, 884, 885, 886, 887, 888, 889},
	}
	if len(want) != len(Operators()) {
		t.Fatalf("%d operators, the table has %d", len(Operators()), len(want))
	}
	for prefix := range 1000 {
		phone := Phone(fmt.Sprintf("+62%03d00000001", prefix))
		for _, op := range Operators() {
			if is := OperatorOf(phone) == op; is != slices.Contains(want[op], prefix) {
				t.Errorf("0%03d is %q", prefix, OperatorOf(phone))
			}
		}
	}
	for _, p := range []Phone{"", "+62", "+6281", "+65811000000", "081100000001", "+62298123456"} {
		if op := OperatorOf(p); op != "" {
			t.Errorf("%s is %q", p.Tail(), op)
		}
	}
}
