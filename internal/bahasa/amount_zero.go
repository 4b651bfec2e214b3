package bahasa

// noFigure reads a message without any figure: nothing sold, and why, or
// another wish.
func (c *amountClasses) noFigure(raw string, s *said) Amount {
	switch {
	case s.marks != "":
		return Amount{Verdict: Invalid, Kind: s.marks}
	}
	return Amount{Verdict: Ask, Kind: KindUnknown}
}
