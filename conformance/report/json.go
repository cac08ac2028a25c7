package report

import (
	"encoding/json"
	"io"
)

// WriteJSON writes the whole report as one indented JSON object.
func WriteJSON(out io.Writer, r *Report) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}
