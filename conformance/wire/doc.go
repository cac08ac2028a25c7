// Package wire is the suite's own view of an ARCP connection: frames as they came, parsed as plain JSON.
//
// It knows WebSocket, stdio children and JSON text. It must not know any message of the draft beyond the names of the
// envelope's fields (§5): what a message means is judged by the packages above, and the runtime's own types are never
// imported, so that one wrong field tag cannot deceive both sides. Numbers keep their text (json.Number), and a member
// that stands twice is kept as a fault of the frame instead of being silently overwritten.
package wire
