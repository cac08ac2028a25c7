package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Parse reads one frame. It never fails: what is wrong with the text is said in Faults, and Doc is nil when the frame
// is not exactly one JSON object (§5).
func Parse(dir Direction, conn string, frame Frame, at time.Time) Message {
	m := Message{Dir: dir, At: at, Raw: frame.Data, Conn: conn, Binary: frame.Binary}
	if frame.Binary {
		m.Faults = append(m.Faults, "binary frame")
	}
	if !utf8.Valid(frame.Data) {
		m.Faults = append(m.Faults, "not UTF-8")
	}
	p := &parser{dec: json.NewDecoder(bytes.NewReader(frame.Data))}
	p.dec.UseNumber()
	v, err := p.value()
	m.Faults = append(m.Faults, p.faults...)
	if err != nil {
		m.Faults = append(m.Faults, "not JSON: "+err.Error())
		return m
	}
	if _, err := p.dec.Token(); !errors.Is(err, io.EOF) {
		m.Faults = append(m.Faults, "more than one JSON value in the frame")
		return m
	}
	doc, ok := v.(map[string]any)
	if !ok {
		m.Faults = append(m.Faults, "not a JSON object")
		return m
	}
	m.Doc = doc
	return m
}

// maxDepth bounds the nesting that the suite follows: a hostile frame must not overflow its stack.
const maxDepth = 10_000

type parser struct {
	dec    *json.Decoder
	path   []string
	faults []string
}

func (p *parser) value() (any, error) {
	tok, err := p.dec.Token()
	if err != nil {
		return nil, err
	}
	if len(p.path) > maxDepth {
		return nil, fmt.Errorf("nested more than %d deep", maxDepth)
	}
	switch tok {
	case json.Delim('{'):
		return p.object()
	case json.Delim('['):
		return p.list()
	}
	return tok, nil
}

func (p *parser) object() (any, error) {
	doc := map[string]any{}
	for p.dec.More() {
		tok, err := p.dec.Token()
		if err != nil {
			return nil, err
		}
		name, _ := tok.(string)
		p.path = append(p.path, name)
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		if _, twice := doc[name]; twice {
			p.faults = append(p.faults, fmt.Sprintf("member /%s stands twice", strings.Join(p.path, "/")))
		}
		doc[name] = v
		p.path = p.path[:len(p.path)-1]
	}
	_, err := p.dec.Token() // the closing brace
	return doc, err
}

func (p *parser) list() (any, error) {
	list := []any{}
	for p.dec.More() {
		p.path = append(p.path, strconv.Itoa(len(list)))
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		list = append(list, v)
		p.path = p.path[:len(p.path)-1]
	}
	_, err := p.dec.Token() // the closing bracket
	return list, err
}
