package prokus

import "log/slog"

// Phone is a number in E.164 form, "+6281234567417". It masks itself in logs.
type Phone string

// LogValue hides all but the last three digits.
func (p Phone) LogValue() slog.Value { return slog.StringValue(p.Tail()) }

// Tail is how a number is named to people who may not see it whole: "...417".
func (p Phone) Tail() string {
	if len(p) < 3 {
		return "..."
	}
	return "..." + string(p[len(p)-3:])
}

// Local is the number as people in Indonesia write it: "081234567417".
func (p Phone) Local() string {
	if len(p) > 3 && p[:3] == "+62" {
		return "0" + string(p[3:])
	}
	return string(p)
}
