// Package text holds the words that people read, one file a language, and says
// them for a language and a road.
//
// # A language file
//
//	language: su
//	complete: false   # true: what it lacks is a fault. id is always complete
//	without: [mentor.*]  # complete but for these, which only officers read: they stay Indonesian
//	draft: true       # waits for a native reader
//	texts:
//	  report.up: Tos dicatet {jumlah} kanggo {rentang}. ...
//	  menu.show:
//	    sms: ...
//	    ussd: ...
//	    telegram: |
//	      Several
//	      lines
//
// A text is one wording for everywhere, or variants: sms, ussd, telegram,
// whatsapp, long_number (an SMS for cheap routes that drop numbers of more than
// three digits). A road without a variant of its own falls back: whatsapp to
// telegram, everything to sms, then to the one wording; a language that lacks a
// text for a road falls back on Indonesian.
//
// Quote a text that begins with a brace or holds ": " or " #", as YAML wants it.
//
// # Placeholders
//
// {name} stands for a value; placeholders.yaml defines every name, with its
// longest legal value:
//
//	jumlah:  {means: money, longest: Rp99.999.999}
//	nama:    {means: her display name, longest: Nurhalizahwati, from: person}
//	bulan:   {means: a month, longest: {id: September, en: September}}
//	tahap:   {means: the grant's stage, one_of: grant.stage.*}
//	ibu:     {means: how we address her, longest: Bapak, from: person, optional: true}
//
// from: everyone is supplied by every turn, from: person by every turn that
// knows who writes; without from a verb or an opener gives it. one_of stands
// for any text of a family. optional may be left out by a language.
//
// Faults proves that each text in each language with its longest values is one
// GSM-7 segment of 160 septets (SMS), 182 septets (USSD) or 4096 characters.
//
// # Arguments
//
// Values are typed and rendered when the text is sent. As JSON: a string is
// itself, a number is written 1.250 (so a ticket or code is a string),
// {"rp":750000}, {"thousands":750000}, {"week":"2026-06-01"} or "2026-W23",
// {"date":"2026-06-10"}, {"day":"2026-06-10"}, {"clock":"14:30"},
// {"name":"Nurhalizahwati"} (cut to 14, shorter where it must),
// {"quote":"her own words"} (cut to what fits),
// {"key":"grant.stage.bank","args":{}} (another text),
// {"list":[...],"sep":", "}.
package text
