package fake

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// telegramForm is the parameters of one call, in whichever of the Bot API's forms they came.
type telegramForm struct {
	values map[string]string
	files  map[string][]byte
}

// telegramParams reads a query, a URL-encoded or multipart form, or JSON, up to 50 MB as the real one does.
func telegramParams(w http.ResponseWriter, r *http.Request) (telegramForm, error) {
	p := telegramForm{values: map[string]string{}, files: map[string][]byte{}}
	r.Body = http.MaxBytesReader(w, r.Body, 50<<20)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		var body map[string]json.RawMessage
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			return p, err
		}
		for k, v := range body {
			var s string
			if json.Unmarshal(v, &s) == nil {
				p.values[k] = s
			} else {
				p.values[k] = string(v)
			}
		}
		return p, nil
	case "multipart/form-data":
		// The library sends an empty body where a method has no parameters.
		if err := r.ParseMultipartForm(32 << 20); err != nil && !errors.Is(err, io.EOF) {
			return p, err
		}
	default:
		if err := r.ParseForm(); err != nil {
			return p, err
		}
	}
	for k, v := range r.Form {
		p.values[k] = v[0]
	}
	if r.MultipartForm == nil {
		return p, nil
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	for k, v := range r.MultipartForm.Value {
		p.values[k] = v[0]
	}
	for k, v := range r.MultipartForm.File {
		f, err := v[0].Open()
		if err != nil {
			return p, err
		}
		p.files[k], err = io.ReadAll(f)
		_ = f.Close()
		if err != nil {
			return p, err
		}
	}
	return p, nil
}

func (p telegramForm) number(name string) int64 {
	n, _ := strconv.ParseInt(p.values[name], 10, 64)
	return n
}

// text checks the rules for a message's text: valid UTF-8, 1 to 4096 UTF-16 units, markup that can be parsed.
func (p telegramForm) text(name string, limit int) (string, *telegramError) {
	s := p.values[name]
	switch {
	case !utf8.ValidString(s):
		return "", telegramBad("strings must be encoded in UTF-8")
	case strings.TrimSpace(strings.ReplaceAll(s, "\x00", "")) == "":
		return "", telegramBad("message text is empty")
	case len(utf16.Encode([]rune(s))) > limit:
		return "", telegramBad("message is too long")
	}
	if err := telegramEntities(s, p.values["parse_mode"]); err != nil {
		return "", telegramBad("can't parse entities: " + err.Error())
	}
	return s, nil
}

// telegramEntities parses markup as coarsely as is needed to catch a name that was put into it unescaped.
func telegramEntities(s, mode string) error {
	switch strings.ToLower(mode) {
	case "":
	case "html":
		var open []string
		for rest := s; ; {
			_, after, found := strings.Cut(rest, "<")
			if !found {
				break
			}
			tag, tail, closed := strings.Cut(after, ">")
			if !closed {
				return errors.New("unclosed start tag")
			}
			rest = tail
			name, isEnd := strings.CutPrefix(tag, "/")
			name, _, _ = strings.Cut(name, " ")
			switch {
			case !strings.Contains(" b strong i em u s a code pre tg-spoiler blockquote ", " "+name+" "):
				return fmt.Errorf("unsupported start tag %q", name)
			case !isEnd:
				open = append(open, name)
			case len(open) == 0 || open[len(open)-1] != name:
				return fmt.Errorf("unexpected end tag %q", name)
			default:
				open = open[:len(open)-1]
			}
		}
		if len(open) > 0 {
			return errors.New("unclosed tag")
		}
	case "markdown", "markdownv2":
		for _, mark := range []string{"*", "_", "`"} {
			if strings.Count(strings.ReplaceAll(s, `\`+mark, ""), mark)%2 != 0 {
				return errors.New("can't find end of the entity")
			}
		}
		if strings.Contains(strings.ReplaceAll(s, `\[`, ""), "[") && !strings.Contains(s, "](") {
			return errors.New("can't find end of the entity")
		}
	default:
		return errors.New("unsupported parse_mode")
	}
	return nil
}

// markup reads reply_markup into m and checks the limits on keyboards.
func (p telegramForm) markup(m *TelegramMessage) *telegramError {
	raw := p.values["reply_markup"]
	if raw == "" {
		return nil
	}
	var k struct {
		Inline [][]struct {
			Text string `json:"text"`
			Data string `json:"callback_data"`
			URL  string `json:"url"`
		} `json:"inline_keyboard"`
		Keyboard [][]struct {
			Text    string `json:"text"`
			Contact bool   `json:"request_contact"`
		} `json:"keyboard"`
		OneTime bool `json:"one_time_keyboard"`
		Always  bool `json:"is_persistent"`
		Remove  bool `json:"remove_keyboard"`
	}
	if err := json.Unmarshal([]byte(raw), &k); err != nil {
		return telegramBad("can't parse reply keyboard markup JSON object")
	}
	count := 0
	for _, row := range k.Inline {
		if count += len(row); len(row) > 8 || count > 100 {
			return telegramBad("REPLY_MARKUP_TOO_LONG")
		}
		var buttons []TelegramButton
		for _, b := range row {
			switch {
			case strings.TrimSpace(b.Text) == "":
				return telegramBad("can't parse inline keyboard button: Text is empty")
			case b.URL == "" && (b.Data == "" || len(b.Data) > 64):
				return telegramBad("BUTTON_DATA_INVALID")
			case b.URL != "" && !strings.Contains(b.URL, "."): // a machine of the house, such as localhost
				return telegramBad("BUTTON_URL_INVALID")
			}
			buttons = append(buttons, TelegramButton{Label: b.Text, Data: b.Data, URL: b.URL})
		}
		m.Buttons = append(m.Buttons, buttons)
	}
	for _, row := range k.Keyboard {
		if count += len(row); len(row) > 12 || count > 300 {
			return telegramBad("REPLY_MARKUP_TOO_LONG")
		}
		var keys []string
		for _, b := range row {
			switch {
			case strings.TrimSpace(b.Text) == "":
				return telegramBad("can't parse keyboard button: Text is empty")
			case b.Contact && m.Chat < 0:
				return telegramBad("phone number can be requested in private chats only")
			case b.Contact:
				m.AskPhone = b.Text
			default:
				keys = append(keys, b.Text)
			}
		}
		if len(keys) > 0 {
			m.Keys = append(m.Keys, keys)
		}
	}
	m.OneTime, m.Always = k.OneTime, k.Always
	return nil
}
