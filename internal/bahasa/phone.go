package bahasa

// ReadPhone reads an Indonesian mobile number; e164 is set with Value only.
func ReadPhone(s string) (e164 string, v Verdict) { return "", Invalid }

// RepairPhone reads a number from a file and repairs what is certain. The note
// says what was repaired: "zero" (a lost zero), "rewritten" (+62, spaces) or "".
func RepairPhone(s string) (e164, note string, v Verdict) {
	e164, v = ReadPhone(s)
	return e164, "", v
}
